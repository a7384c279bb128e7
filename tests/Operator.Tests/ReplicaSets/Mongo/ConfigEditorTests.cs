using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

public class ConfigEditorTests
{
    [Test]
    public void Fields_that_nobody_names_are_carried_through_and_the_version_rises()
    {
        var current = Current();
        current["members"][1]["fieldOfTheFuture"] = new BsonDocument("x", 1);
        current["settings"]["another"] = "kept";

        var next = ConfigEditor.Apply(current, Step() with { Edits = [new MemberEdit(1, "127.0.0.1:28018") { Priority = 0.5 }] });

        var expected = (BsonDocument)current.DeepClone();
        expected["version"] = 6;
        expected["members"][1]["priority"] = 0.5;
        Assert.That(next, Is.EqualTo(expected));
    }

    [Test]
    public void A_new_member_gets_the_field_names_that_the_server_knows()
    {
        var next = ConfigEditor.Apply(Current(), Step() with
        {
            Additions = [new ConfigMember { Id = 9, Host = "new:27017", Votes = 0, Priority = 0, Hidden = true, SecondaryDelaySecs = 60, Tags = new Dictionary<string, string> { ["region"] = "c" } }],
        });

        Assert.That(next["members"].AsBsonArray[^1].AsBsonDocument, Is.EqualTo(BsonDocument.Parse(
            """{ _id: 9, host: "new:27017", votes: 0, priority: 0.0, hidden: true, slaveDelay: NumberLong(60), tags: { region: "c" } }""")));
    }

    [Test]
    public void Members_are_removed_by_id_and_host_together()
    {
        var next = ConfigEditor.Apply(Current(), Step() with { Removals = [new MemberRemoval(2, "127.0.0.1:28019")] });

        Assert.That(next["members"].AsBsonArray.Select(m => m["_id"].AsInt32), Is.EqualTo([0, 1, 3]));
        Assert.That(() => ConfigEditor.Apply(Current(), Step() with { Removals = [new MemberRemoval(2, "127.0.0.1:28018")] }), Throws.TypeOf<StepVoidException>());
    }

    [TestCase(4, 1)]
    [TestCase(5, 0)]
    public void A_configuration_that_changed_since_planning_voids_the_step(int version, int term) =>
        Assert.That(() => ConfigEditor.Apply(Current(), Step() with { BaseVersion = version, BaseTerm = term }), Throws.TypeOf<StepVoidException>().With.Message.Contains("version 5, term 1"));

    [Test]
    public void Only_settings_that_are_set_change()
    {
        var current = Current();
        var next = ConfigEditor.Apply(current, Step() with { Settings = new ConfigSettings { ElectionTimeoutMillis = 5000, ChainingAllowed = false } });

        var expected = (BsonDocument)current["settings"].DeepClone();
        expected["electionTimeoutMillis"] = 5000;
        expected["chainingAllowed"] = false;
        Assert.That(next["settings"], Is.EqualTo(expected));
    }

    [Test]
    public void A_document_that_would_not_say_what_the_rules_judged_voids_the_step()
    {
        var current = Current();
        current["members"][2]["_id"] = 1;

        Assert.That(
            () => ConfigEditor.Apply(current, Step() with { Edits = [new MemberEdit(1, "127.0.0.1:28018") { Votes = 0, Priority = 0 }] }),
            Throws.TypeOf<StepVoidException>().With.Message.Contains("would not say what its rules judged"));
    }

    private static BsonDocument Current() => Recording.Reply("071-primary-replsetgetconfig-commitmentstatus").Document!["config"].AsBsonDocument;

    private static Reconfig Step() => new() { Summary = "test", Purpose = ReconfigPurpose.Arrange, RunOn = "127.0.0.1:28017", BaseVersion = 5, BaseTerm = 1 };
}
