using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.Runtime;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>What an awaited <c>hello</c> tells of simulated members, in their virtual time.</summary>
[Category("EmbeddedOnly")]
public sealed class HelloWatchScenarios
{
    private static readonly ReplicaSetTarget Target = new(new ObjectKey("shop", "marketplace"), new ReplicaSetConnection());

    private ReplicaSetWorld _world = null!;
    private List<string> _told = null!;
    private Dictionary<string, Task> _watches = null!;

    [SetUp]
    public void Start()
    {
        _world = new ReplicaSetWorld();
        _world.InitiateIreland();
        _world.Network.RunFor(TimeSpan.FromSeconds(30));
        _told = [];
        _watches = ReplicaSetWorld.Hosts(ReplicaSetWorld.Ireland).ToDictionary(host => host, WatchAsync);
        _world.Network.RunFor(TimeSpan.FromSeconds(1));
    }

    [TearDown]
    public void Stop() => _world.Dispose();

    [Test]
    public void An_hour_at_rest_tells_nothing()
    {
        _world.Network.RunFor(TimeSpan.FromHours(1));

        Assert.That(_told, Is.Empty);
        Assert.That(_watches.Values, Has.All.Matches<Task>(w => w is { IsCompleted: false }));
    }

    [Test]
    public void The_primary_tells_of_its_step_down_at_once_and_every_member_of_the_new_one()
    {
        var old = _world.Primary!;
        Send(old, "{ replSetStepDown: 60, secondaryCatchUpPeriodSecs: 5 }");
        _world.Network.RunFor(TimeSpan.FromMilliseconds(50));
        Assert.That(_told, Does.Contain(old));

        _world.Network.RunFor(TimeSpan.FromSeconds(15));
        Assert.That(_world.Primary, Is.Not.Null.And.Not.EqualTo(old));
        Assert.That(_told.Distinct(), Is.EquivalentTo(_watches.Keys));
    }

    [Test]
    public void Every_member_tells_of_a_new_configuration()
    {
        var config = Send(_world.Primary!, "{ replSetGetConfig: 1 }")["config"].AsBsonDocument;
        config["version"] = config["version"].ToInt32() + 1;
        config["settings"] = new BsonDocument(config["settings"].AsBsonDocument) { ["chainingAllowed"] = false };
        Send(_world.Primary!, new BsonDocument("replSetReconfig", config).ToJson());
        _world.Network.RunFor(TimeSpan.FromSeconds(5));

        Assert.That(_told.Distinct(), Is.EquivalentTo(_watches.Keys));
    }

    [Test]
    public void A_member_that_ends_is_told_once_and_its_watch_is_over()
    {
        var member = _watches.Keys.First(host => host != _world.Primary);
        _world.Network.Find(member)!.Crash();
        _world.Network.RunFor(HelloWatch.MaxAwait * 3);

        Assert.That(_told, Is.EqualTo(new[] { member }));
        Assert.That(_watches[member].IsCompleted, Is.True);
    }

    private Task WatchAsync(string host) => new HelloWatch(
        async (command, deadline, token) => (await _world.Calls.RunAsync(Target, host, MemberCommands.Admin, command, deadline, token)).Reply,
        () => _told.Add(host)).RunAsync(CancellationToken.None);

    private BsonDocument Send(string host, string command) => _world.Network.Loop.Await(
        _world.Calls.RunAsync(Target, host, MemberCommands.Admin, BsonDocument.Parse(command), TimeSpan.FromSeconds(20), CancellationToken.None), TimeSpan.FromMinutes(1)).Reply;
}
