using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>A member's name leads the operator to another mongod: what that one says of itself is never taken for the member's.</summary>
public class StrangerScenarios
{
    private const string Elsewhere = "mongo-x.eu-west-1:27017";
    private static readonly IReadOnlyList<string> Members = ReplicaSetWorld.Hosts(ReplicaSetWorld.Ireland);

    private static IEnumerable<TestCaseData> Kinds()
    {
        yield return new TestCaseData(Elsewhere, "rs0", true, "a member of the set with replicaSetId ").SetArgDisplayNames("a_member_of_another_set_of_the_same_name");
        yield return new TestCaseData(Elsewhere, "other", true, "a member of the set with replicaSetId ").SetArgDisplayNames("a_member_of_a_set_of_another_name");
        yield return new TestCaseData(Elsewhere, "rs0", false, null).SetArgDisplayNames("a_mongod_that_was_never_initialised");
        yield return new TestCaseData(Elsewhere, null, false, "a standalone").SetArgDisplayNames("a_standalone");
        yield return new TestCaseData(Members[2], null, false, $"the member {Members[2]}").SetArgDisplayNames("another_member_of_the_set");
    }

    [TestCaseSource(nameof(Kinds))]
    public void Its_figures_are_not_those_of_the_member(string leadsTo, string? setName, bool initiated, string? words)
    {
        using var world = Started(setName, initiated);
        world.Calls.LeadsTo[Members[1]] = leadsTo;

        var observed = GatewayOf.Observe(world, Members);

        var member = observed.Member(Members[1]);
        Assert.That(member.Stranger, words is null ? Is.Null : Does.StartWith(words));
        Assert.That((member.Reachable, member.Healthy, member.State), Is.EqualTo((true, (bool?)true, Modestano.Operator.ReplicaSets.Observation.MemberState.Secondary)), "the primary reaches the member itself");
        object?[] figures =
        [
            member.OplogWindow, member.OplogCapacityBytes, member.OplogUsedBytes, member.OplogRetention, member.OwnState, member.InitialSync,
            member.FeatureCompatibilityVersion, member.FeatureCompatibilityTarget, member.OldestTransactionAge, member.IndexBuilds,
        ];
        Assert.That(figures, Is.All.Null);
        Assert.That(member.TooStale, Is.False);
        Assert.That(member.Lag, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(10)), "by what the primary hears of the member, as nobody writes but the server itself");
        Assert.That(member.Unanswered.Keys, Is.EquivalentTo(Enum.GetValues<Question>()), "nothing passes because something answered");
        Assert.That(MemberHealth.IsCloseAndHealthy(observed, member, TimeSpan.FromSeconds(10)), Is.False);
    }

    [TestCaseSource(nameof(Kinds))]
    public void No_step_relies_on_it_and_when_the_name_leads_home_again_the_step_is_taken(string leadsTo, string? setName, bool initiated, string? words)
    {
        using var world = Started(setName, initiated);
        world.Apply(ReplicaSetWorld.Ireland, [ReplicaSetWorld.Region(ReplicaSetWorld.Ireland, 3)]);
        world.RunUntilSettled();
        world.Calls.LeadsTo[Members[1]] = leadsTo;

        // Two voters stay, and one of them is only known by hearsay.
        world.Apply(ReplicaSetWorld.Ireland, [ReplicaSetWorld.Region(ReplicaSetWorld.Ireland, 2)]);
        world.RunFor(120);
        var told = world.Status.Members!.Single(m => m.Host == Members[1]);
        var meanwhile = world.Status.Members!.Count(m => m.Votes == 1);
        world.Calls.LeadsTo.Clear();
        world.RunUntilSettled();

        Assert.That(meanwhile, Is.EqualTo(3), world.Story());
        Assert.That(told.OplogWindow, Is.Null);
        Assert.That(told.Message, words is null ? Does.Not.StartWith("under its name") : Does.StartWith($"under its name answers {words}"));
        Assert.That(world.Status.Members!.Select(m => m.Host), Is.EquivalentTo(Members.Take(2)));
    }

    [Test]
    public void Nothing_is_forced_on_a_stranger()
    {
        using var world = Started("rs0", initiated: true);
        world.Apply(ReplicaSetWorld.Ireland, [ReplicaSetWorld.Region(ReplicaSetWorld.Ireland, 3)]);
        world.RunUntilSettled();
        world.Member(ReplicaSetWorld.Ireland, 'a').Crash();
        world.Member(ReplicaSetWorld.Ireland, 'c').Crash();
        world.RunFor(30);
        var config = world.Network.Execute(Members[1], BsonDocument.Parse("{ replSetGetConfig: 1, $db: 'admin' }"))["config"];
        world.Calls.LeadsTo[Members[1]] = Elsewhere;

        world.Apply(ReplicaSetWorld.Ireland, [ReplicaSetWorld.Region(ReplicaSetWorld.Ireland, 3)], recovery: new RecoverySpec
        {
            ConfigVersion = config["version"].ToInt32(),
            ConfigTerm = config["term"].ToInt64(),
            FencedHosts = [Members[0], Members[2]],
        });
        world.RunFor(60);

        Assert.That(world.Calls.Sent.Count(c => c.Contains("force")), Is.Zero, world.Story());
    }

    private static ReplicaSetWorld Started(string? setName, bool initiated)
    {
        var world = new ReplicaSetWorld();
        world.Network.AddMember(new MemberOptions { Host = Elsewhere, Region = ReplicaSetWorld.Ireland, ReplSetName = setName });
        world.InitiateIreland();
        if (initiated)
        {
            var config = new BsonDocument { { "_id", setName }, { "members", new BsonArray { new BsonDocument { { "_id", 0 }, { "host", Elsewhere } } } } };
            world.Network.Execute(Elsewhere, new BsonDocument { { "replSetInitiate", config }, { "$db", "admin" } });
            world.Network.RunFor(TimeSpan.FromSeconds(15));
        }

        return world;
    }
}
