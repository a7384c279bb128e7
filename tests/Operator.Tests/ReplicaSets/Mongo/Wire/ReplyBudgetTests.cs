using Modestano.Operator.ReplicaSets.Mongo.Wire;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo.Wire;

/// <summary>Hostile sets take no more memory than there is, and none that another set needs.</summary>
[Category("Hostile")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReplyBudgetTests
{
    private readonly ReplyBudget _budget = new(sure: 100, most: 1_000, together: 2_000);

    [Test]
    public void A_set_holds_no_more_than_its_most_and_all_of_it_again_in_its_next_observation()
    {
        var set = _budget.Open("shop");
        set.Take(900, fields: 0);
        Assert.Throws<ReplyRefusedException>(() => set.Take(0, fields: 1));
        set.Take(100, fields: 0);
        set.Begin();
        Assert.DoesNotThrow(() => set.Take(1_000, fields: 0));
    }

    [Test]
    public void Whatever_others_hold_every_set_has_its_sure_share()
    {
        var hostile = new[] { _budget.Open("mallory"), _budget.Open("mallory"), _budget.Open("trudy"), _budget.Open("trudy") };
        FillAll(hostile);
        var healthy = _budget.Open("shop");

        Assert.DoesNotThrow(() => healthy.Take(100, 0));
        Assert.That(Assert.Throws<ReplyRefusedException>(() => healthy.Take(150, 0))!.Message, Does.Contain("at the same time"));
        hostile[0].Begin();
        Assert.DoesNotThrow(() => healthy.Take(500, 0));
    }

    [Test]
    public void However_many_sets_of_one_namespace_hold_all_they_can_others_have_half()
    {
        FillAll([.. Enumerable.Range(0, 20).Select(_ => _budget.Open("mallory"))]);
        var healthy = _budget.Open("shop");

        Assert.DoesNotThrow(() => healthy.Take(1_000, 0));
        Assert.DoesNotThrow(() => _budget.Open("blog").Take(200, 0), "what it left is another's");
    }

    [Test]
    public void What_a_connection_of_a_deleted_set_still_sends_is_not_held_for_ever()
    {
        for (var i = 0; i < 10; i++)
        {
            var deleted = _budget.Open("mallory");
            deleted.Take(500, 0);
            deleted.End();
            Assert.Throws<ReplyRefusedException>(() => deleted.Take(500, 0), "it is being closed");
        }

        Assert.DoesNotThrow(() => _budget.Open("mallory").Take(1_000, 0));
    }

    [TestCase(12, 2, TestName = "An_observation_of_twelve_members_goes_through_whoever_holds_all_that_can_be_held")]
    [TestCase(50, 1, TestName = "An_observation_of_fifty_members_goes_through_while_the_sets_of_another_namespace_hold_all_they_can")]
    public void An_observation_goes_through_while_others_hold_all_they_can(int members, int hostileNamespaces)
    {
        var budget = ReplyBudget.Default();
        FillAll([.. Enumerable.Range(0, hostileNamespaces).SelectMany(n => new[] { budget.Open($"mallory-{n}"), budget.Open($"mallory-{n}") })]);
        var healthy = budget.Open("shop");
        long bytes = 0, fields = 0;
        foreach (var reply in Enumerable.Range(0, members).SelectMany(_ => RepliesOfAMember(members)))
        {
            var message = HostileMember.Message(1, reply.ToBson());
            var count = WireMessage.Check(message, ReplyBounds.Default);
            (bytes, fields) = (bytes + message.Length, fields + count);
            Assert.DoesNotThrow(() => healthy.Take(message.Length, count), $"after {bytes} bytes and {fields} fields");
        }

        TestContext.Out.WriteLine($"{members} members: {bytes >> 10} KiB, {fields} fields");
    }

    [Test]
    public void A_small_field_costs_what_it_becomes()
    {
        var set = ReplyBudget.Default().Open("shop");
        Assert.Throws<ReplyRefusedException>(() => set.Take(1 << 20, fields: 500_000));
    }

    private static void FillAll(IReadOnlyList<ReplyBudget.Share> shares)
    {
        foreach (var share in shares)
        {
            for (var size = 1L << 24; size > 0;)
            {
                try
                {
                    share.Take(size, 0);
                }
                catch (ReplyRefusedException)
                {
                    size /= 2;
                }
            }
        }
    }

    // What a pass asks a member, as real servers answered it, in a set of so many members.
    private static IEnumerable<BsonDocument> RepliesOfAMember(int members)
    {
        var hello = Recorded("024-primary4-hello");
        hello["hosts"] = new BsonArray(Enumerable.Range(0, members).Select(i => $"mongo-{i}.eu-west-1.example.internal:27017"));
        yield return hello;
        var status = Recorded("028-primary4-replsetgetstatus");
        status["members"] = Widened(status["members"], members);
        yield return status;
        var config = Recorded("071-primary-replsetgetconfig-commitmentstatus");
        config["config"]["members"] = Widened(config["config"]["members"], members);
        yield return config;
        yield return config["config"].AsBsonDocument;
        yield return Recorded("047-oplog-first-entry-after-wrap-around");
        yield return Recorded("048-oplog-last-entry-after-wrap-around");
        yield return Recorded("real-5.0-011-p-s-a-serverstatus-oplogtruncation");
        yield return Recorded("real-5.0-018-p-s-getdefaultrwconcern-after-it");
        yield return Recorded("real-5.0-020-the-fcv-document");

        static BsonArray Widened(BsonValue recorded, int count) => new(Enumerable.Repeat(recorded.AsBsonArray.MaxBy(m => m.AsBsonDocument.ElementCount), count));
        static BsonDocument Recorded(string name) => Recording.Reply(name).Document!.DeepClone().AsBsonDocument;
    }
}
