using System.Diagnostics;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary>The model is fast enough for long simulations and for real time; how fast, each test prints.</summary>
public sealed class SpeedTests
{
    [Test]
    public void An_hour_of_an_idle_set_of_seven_passes_without_an_election()
    {
        var set = TestSet.Of(7);
        set.Trace.Clear();
        var primary = set.PrimaryNumber();
        var clock = Stopwatch.StartNew();
        set.Run(3600);

        TestContext.Out.WriteLine($"{set.Network.Loop.ActionsRun} actions, {clock.Elapsed}");
        Assert.That(set.PrimaryNumber(), Is.EqualTo(primary));
    }

    [Test]
    public void Ten_thousand_majority_writes_are_all_there()
    {
        var set = TestSet.Of(3);
        var clock = Stopwatch.StartNew();
        for (var id = 0; id < 10_000; id++)
        {
            _ = set.Insert(1, id);
        }

        TestContext.Out.WriteLine($"{set.Network.Loop.ActionsRun} actions, {clock.Elapsed}");
        Assert.That(set.Ok(1, "{count: 'x', $db: 'test'}")["n"].ToInt32(), Is.EqualTo(10_000));
    }

    [Test]
    public async Task In_real_time_a_set_is_made_and_written_to()
    {
        using var stop = new CancellationTokenSource();
        var network = new SimulatedReplicaSetNetwork(EventLoop.RealTime(1, TimeProvider.System));
        var member = network.AddMember(new MemberOptions { Host = "127.0.1.1:27017" });
        var running = network.RunRealTimeAsync(stop.Token);
        var client = new ClientConnectionInfo(1);

        var initiate = BsonDocument.Parse("{replSetInitiate: {_id: 'rs0', members: [{_id: 0, host: '127.0.1.1:27017'}]}}");
        await member.ExecuteAsync(initiate, client, CancellationToken.None);
        BsonDocument reply;
        do
        {
            var insert = BsonDocument.Parse("{insert: 'x', documents: [{a: 1}], $db: 'test', writeConcern: {w: 'majority'}}");
            reply = await member.ExecuteAsync(insert, client, CancellationToken.None);
        }
        while (reply["ok"] != 1);

        await stop.CancelAsync();
        await running;
        Assert.That(reply["n"].AsInt32, Is.EqualTo(1));
    }
}
