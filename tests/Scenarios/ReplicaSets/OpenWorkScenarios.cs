using Modestano.Crds.V1Alpha1;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>Transactions and index builds that a change of votes would disturb, as $currentOp shows them; in virtual time.</summary>
public class OpenWorkScenarios
{
    private const string Ireland = ReplicaSetWorld.Ireland;
    private const string London = ReplicaSetWorld.London;

    [TestCase("{ type: 'idleSession', transaction: { timeOpenMicros: NumberLong(240000000) } }", Ireland, "a transaction older than 60 s is open on ", TestName = "An_old_transaction_on_the_primary_holds_votes_back")]
    [TestCase("{ type: 'op', command: { createIndexes: 'orders' } }", London, "an index is built on ", TestName = "An_index_that_the_newcomer_builds_holds_its_vote_back")]
    public void Votes_wait_for(string operation, string region, string words)
    {
        using var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)]);
        world.RunUntilSettled();
        var member = world.Network.Find(region == Ireland ? world.Primary! : ReplicaSetWorld.Hosts(London)[0])!;
        member.CurrentOperations = [BsonDocument.Parse(operation)];
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3), ReplicaSetWorld.Region(London, 1)]);
        world.RunUntil(w => w.Condition(ConditionTypes.Ready).Reason == "LongTransaction", 60);
        world.RunFor(60);
        Assert.That(world.Condition(ConditionTypes.Ready).Message, Does.Contain(words + member.Host));
        Assert.That(world.Status.Checks!.Count(c => c is { Result: "Failed", Name: "OldestTransaction" or "IndexBuilds" }), Is.EqualTo(1));
        Assert.That(world.Status.Members!.Single(m => m.Region == London).Votes, Is.Zero);
        member.CurrentOperations = [];
        world.RunUntilSettled();
        Assert.That(world.Status.Members!.Single(m => m.Region == London).Votes, Is.EqualTo(1));
    }

    [Test]
    public void An_initial_sync_is_told_while_it_runs()
    {
        using var world = new ReplicaSetWorld();
        world.InitiateIreland();
        for (var i = 0; i < 20; i++)
        {
            world.Network.Execute(world.Primary!, new BsonDocument { { "insert", "blobs" }, { "documents", new BsonArray { new BsonDocument { { "_id", i }, { "blob", new string('x', 100_000) } } } }, { "$db", "shop" } });
        }

        var newcomer = world.Member(London, 'a');
        newcomer.SetSpeed(newcomer.Speed with { InitialSyncBytesPerSecond = 20_000 });
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3), ReplicaSetWorld.Region(London, 1)]);
        world.RunUntil(w => w.Status.Members?.Any(m => m is { InitialSyncPercent: > 0, InitialSyncRate: not null, InitialSyncEnd: not null }) == true, 120);
        Assert.That(world.Condition(ConditionTypes.InitialSyncHealthy).Reason, Is.EqualTo("InitialSyncRuns"));
        Assert.That(world.Status.Phase, Is.EqualTo(ReplicaSetPhases.Syncing));
        world.RunUntilSettled();
        Assert.That(world.Condition(ConditionTypes.InitialSyncHealthy).Reason, Is.EqualTo("NoInitialSync"));
    }
}
