using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary>The awaiting form of <c>hello</c>.</summary>
public sealed class HelloTests
{
    private static IEnumerable<TestCaseData> Refused()
    {
        yield return new TestCaseData(
            "{topologyVersion: {processId: $id, counter: NumberLong($now)}}", 31368, "A request with a 'topologyVersion' must include 'maxAwaitTimeMS'")
            .SetName("A_topology_version_alone_is_refused");
        yield return new TestCaseData(
            "{maxAwaitTimeMS: 1000}", 31368, "A request with 'maxAwaitTimeMS' must include a 'topologyVersion'")
            .SetName("A_wait_without_topology_version_is_refused");
        yield return new TestCaseData(
            "{topologyVersion: {processId: $id, counter: $now}, maxAwaitTimeMS: 1000}", 14,
            "BSON field 'TopologyVersion.counter' is the wrong type 'int', expected type 'long'")
            .SetName("A_counter_of_32_bits_is_refused");
        yield return new TestCaseData(
            "{topologyVersion: {processId: $id, counter: NumberLong($now)}, maxAwaitTimeMS: -1}", 31373, "maxAwaitTimeMS must be a non-negative integer")
            .SetName("A_negative_wait_is_refused");
        yield return new TestCaseData(
            "{topologyVersion: {processId: $id, counter: NumberLong(1000)}, maxAwaitTimeMS: 1000}", 31382,
            "Received a topology version with counter: 1000 which is greater than the server topology version counter: $now")
            .SetName("A_counter_ahead_of_the_server_is_refused");
    }

    [TestCaseSource(nameof(Refused))]
    public void Is_refused(string fields, int code, string message)
    {
        var set = TestSet.Of(3);
        var (id, counter) = Version(set, 1);

        var reply = set.Send(1, Hello(fields, id, counter));

        Assert.That(reply["code"].AsInt32, Is.EqualTo(code));
        Assert.That(reply["codeName"].AsString, Is.EqualTo(code == 14 ? "TypeMismatch" : $"Location{code}"));
        Assert.That(reply["errmsg"].AsString, Is.EqualTo(message.Replace("$now", $"{counter}", StringComparison.Ordinal)));
    }

    [Test]
    public void Without_a_change_the_answer_comes_at_the_end_of_the_wait()
    {
        var set = TestSet.Of(3);
        var (id, counter) = Version(set, 1);
        var start = set.Now;

        var reply = set.Ok(1, Hello("{topologyVersion: {processId: $id, counter: NumberLong($now)}, maxAwaitTimeMS: 2000}", id, counter));

        Assert.That((set.Now - start).TotalSeconds, Is.EqualTo(2).Within(0.01));
        Assert.That(reply["topologyVersion"]["counter"].AsInt64, Is.EqualTo(counter));
    }

    [TestCase(-1, TestName = "An_older_counter_is_answered_at_once")]
    [TestCase(0, TestName = "The_id_of_another_process_is_answered_at_once")]
    public void Is_answered_at_once(int behind)
    {
        var set = TestSet.Of(3);
        var (id, counter) = Version(set, 1);
        var start = set.Now;

        set.Ok(1, Hello(
            "{topologyVersion: {processId: $id, counter: NumberLong($now)}, maxAwaitTimeMS: 5000}",
            behind == 0 ? ObjectId.Empty : id,
            counter + behind));

        Assert.That(set.Now, Is.EqualTo(start));
    }

    [Test]
    public void A_step_down_is_told_in_three_answers()
    {
        var set = TestSet.Of(3);
        var (id, counter) = Version(set, 1);
        var answers = new List<BsonDocument>();
        _ = FollowAsync();
        set.Run(1);
        set.Ok(1, "{replSetStepDown: 30, secondaryCatchUpPeriodSecs: 2}");
        set.Run(1);

        // Seen: not writable, secondary, new primary.
        var shapes = answers.Select(answer => (
            Writable: answer["isWritablePrimary"].AsBoolean,
            Secondary: answer["secondary"].AsBoolean,
            Primary: answer.GetValue("primary", "").AsString)).ToArray();
        Assert.That(shapes[0], Is.EqualTo((false, false, TestSet.Host(1))));
        Assert.That(shapes[1], Is.EqualTo((false, true, "")));
        Assert.That(shapes.Any(shape => shape.Secondary && shape.Primary != "" && shape.Primary != TestSet.Host(1)), Is.True);

        async Task FollowAsync()
        {
            while (answers.Count < 10)
            {
                var answer = await set.Start(1, Hello("{topologyVersion: {processId: $id, counter: NumberLong($now)}, maxAwaitTimeMS: 10000}", id, counter));
                counter = answer["topologyVersion"]["counter"].AsInt64;
                answers.Add(answer);
            }
        }
    }

    private static (ObjectId Id, long Counter) Version(TestSet set, int number)
    {
        var version = set.Ok(number, "{hello: 1}")["topologyVersion"];
        return (version["processId"].AsObjectId, version["counter"].AsInt64);
    }

    private static BsonDocument Hello(string fields, ObjectId id, long counter) => new BsonDocument("hello", 1).AddRange(BsonDocument.Parse(
        fields.Replace("$id", $"ObjectId('{id}')", StringComparison.Ordinal).Replace("$now", $"{counter}", StringComparison.Ordinal)));
}
