using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>One member under two names, on members that answer by both: a rename is one planned step, and doubt adds and removes nobody.</summary>
public sealed class TwoNamesScenarios
{
    private const string Ireland = ReplicaSetWorld.Ireland;
    private const string NewName = "data-2.eu-west-1:27017";

    [Test]
    public void A_secondary_gets_its_new_name_in_one_reconfig_and_keeps_vote_data_and_health()
    {
        using var world = Settled(out var renamed);
        var before = Config(world);
        var sent = world.Calls.Sent.Count;

        world.Apply(Ireland, [Named(world, renamed, NewName)]);
        world.RunUntilSettled();

        Assert.That(world.Calls.Sent.Skip(sent).Select(c => c.GetElement(0).Name), Is.EqualTo((string[])["replSetReconfig"]), world.Story());
        var (was, now) = (Member(before, renamed), Member(Config(world), NewName));
        was["host"] = NewName;
        Assert.That(now, Is.EqualTo(was), "the _id, the vote, the priority and the tags are the member's");
        Assert.That(world.Network.Execute(NewName, new BsonDocument { { "hello", 1 }, { "$db", "admin" } })["me"].AsString, Is.EqualTo(NewName));
        Assert.That(world.Status.Members!.Select(m => (m.Host, m.State, m.Healthy)), Has.One.EqualTo((NewName, "SECONDARY", (bool?)true)));
        Assert.That(world.Status.Summary!.Members, Is.EqualTo("3/3"));
        Assert.That(world.Network.Violations, Is.Empty);
    }

    [Test]
    public void The_old_name_in_the_spec_again_takes_the_rename_back()
    {
        using var world = Settled(out var renamed);
        world.Apply(Ireland, [Named(world, renamed, NewName)]);
        world.RunUntilSettled();

        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)]);
        world.RunUntilSettled();

        Assert.That(Hosts(world), Is.EquivalentTo(ReplicaSetWorld.Hosts(Ireland)));
    }

    [Test]
    public void A_spec_with_both_names_stalls_and_says_who_is_who_without_a_reconfig()
    {
        using var world = Settled(out var renamed);
        var sent = world.Calls.Sent.Count;
        var both = ReplicaSetWorld.Region(Ireland, 3);

        world.Apply(Ireland, [both with { Members = [.. both.Members, both.Members[0] with { Host = NewName }] }]);
        world.RunFor(60);

        Assert.That(world.Condition("Ready").Reason, Is.EqualTo("MemberHasTwoNames"), world.Story());
        Assert.That(world.Condition("Ready").Message, Does.Contain($"{NewName} is {renamed}"));
        Assert.That(world.Calls.Sent, Has.Count.EqualTo(sent), "nothing was sent");
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)]);
        world.RunUntilSettled();
    }

    [Test]
    public void The_primary_is_not_renamed_and_status_says_what_to_do()
    {
        using var world = Settled(out _);
        var primary = world.Primary!;
        world.Network.AddAlias("data-1.eu-west-1:27017", primary);
        var sent = world.Calls.Sent.Count;

        world.Apply(Ireland, [Named(world, primary, "data-1.eu-west-1:27017")]);
        world.RunFor(60);

        Assert.That(world.Condition("Ready").Message, Does.Contain("it is the primary"), world.Story());
        Assert.That(world.Calls.Sent, Has.Count.EqualTo(sent));
    }

    [Test]
    public void Another_spelling_of_the_same_name_is_no_other_member()
    {
        using var world = Settled(out var renamed);
        var sent = world.Calls.Sent.Count;
        world.Network.AddAlias(renamed.ToUpperInvariant(), renamed);

        world.Apply(Ireland, [Named(world, renamed, renamed.ToUpperInvariant())]);
        world.RunUntilSettled();

        Assert.That(world.Calls.Sent, Has.Count.EqualTo(sent));
    }

    private static ReplicaSetWorld Settled(out string secondary)
    {
        var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)]);
        world.RunUntilSettled();
        secondary = ReplicaSetWorld.Hosts(Ireland).Last(h => h != world.Primary);
        world.Network.AddAlias(NewName, secondary);
        return world;
    }

    private static Crds.V1Alpha1.RegionSpec Named(ReplicaSetWorld world, string before, string after)
    {
        var region = ReplicaSetWorld.Region(Ireland, 3);
        return region with { Members = [.. region.Members.Select(m => m.Host == before ? m with { Host = after } : m)] };
    }

    private static BsonDocument Config(ReplicaSetWorld world) => world.Network.Execute(world.Primary!, new BsonDocument { { "replSetGetConfig", 1 }, { "$db", "admin" } })["config"].AsBsonDocument;

    private static IEnumerable<string> Hosts(ReplicaSetWorld world) => Config(world)["members"].AsBsonArray.Select(m => m["host"].AsString);

    private static BsonDocument Member(BsonDocument config, string host) => config["members"].AsBsonArray.Single(m => m["host"] == host).AsBsonDocument.DeepClone().AsBsonDocument;
}
