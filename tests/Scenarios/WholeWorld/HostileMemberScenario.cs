using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.Hostile;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed;
using Modestano.Testbed.Demo;
using MongoDB.Bson;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>
/// Sets of hostile servers in one namespace beside a healthy set in another, under the shipped operator with the memory that its chart gives it:
/// every edit of the healthy set arrives, it moves its primary and its traffic, and the process lives. How much longer that takes is measured and told.
/// </summary>
[CancelAfter(1_200_000)]
[Category("Hostile")]
[Category("EmbeddedOnly")]
public sealed class HostileMemberScenario
{
    private const string Mallory = "mallory";
    private const string Domain = "mallory.test";
    private const int Edits = 5;

    /// <summary>How many sets of each malice: together more members than the operator keeps clients for, and more openings than it has at a time.</summary>
    private const int SetsOfAKind = 8;

    private const int MembersOfASet = 5;

    /// <summary>The chart's limit, of which the program takes three fifths for its heap (System.GC.HeapHardLimitPercent, which looks at a container).</summary>
    private const long MemoryLimit = 512L << 20;

    /// <summary>An edit that has not arrived by then is stuck, on the busiest machine too. How long it takes is told, not judged: that says as much of the machine.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(150);

    private static readonly Dictionary<string, string> AsInThePod = new() { ["DOTNET_GCHeapHardLimit"] = (MemoryLimit * 3 / 5).ToString("X", CultureInfo.InvariantCulture) };

    private OperatedWorld _world = null!;
    private List<HostileMongod> _servers = null!;
    private List<HostileMongod> _beyond = null!;
    private int _edit;

    [SetUp]
    public async Task Start()
    {
        _world = await OperatedWorld.StartAsync(environment: AsInThePod, hasShippedLease: true, others: new Dictionary<string, string> { [Mallory] = Domain });
        _servers = [.. from malice in Enum.GetValues<Malice>() from member in Enumerable.Range(0, MembersOfASet) select new HostileMongod(malice, $"{member}.{malice}.{Domain}:27017".ToLowerInvariant())];
        _beyond = [.. HostileMongod.Beyond.Select(host => new HostileMongod(Malice.IsSilent, host))];
        _servers.Concat(_beyond).ToList().ForEach(s => _world.World.Mongo.Route(s.Host, s.EndPoint));
    }

    [TearDown]
    public async Task Stop()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == NUnit.Framework.Interfaces.TestStatus.Failed)
        {
            TestContext.Progress.WriteLine(_world.Log);
        }

        await _world.DisposeAsync();
        _servers.Concat(_beyond).ToList().ForEach(s => s.Dispose());
    }

    [Test]
    public async Task Hostile_members_delay_no_other_namespace_and_the_operator_lives_on_512_MiB()
    {
        await _world.ApplyAsync(_world.Git.Object("Secret"));
        await _world.ApplyAsync(_world.Git.Object("WeightedDnsRecord"));
        await _world.ApplyAsync(Healthy());
        await Eventually.Is(async () => IsReady(await _world.GetAsync<MongoReplicaSet>(GitRepository.ReplicaSet)), "the healthy set is ready", Stuck);
        var alone = await PaceAsync();

        var clock = (Cpu: _world.Operators[0].Cpu, Watch: Stopwatch.StartNew());
        await AttackAsync();
        var beside = await PaceAsync();
        await MoveAsync();
        var (cores, peak) = ((_world.Operators[0].Cpu - clock.Cpu) / clock.Watch.Elapsed, _world.Operators[0].PeakMemory);
        await TellAsync();
        TestContext.Progress.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"an edit of the healthy set takes {alone.Median.TotalMilliseconds:F0} ms alone ({alone.Worst.TotalMilliseconds:F0} at most) and {beside.Median.TotalMilliseconds:F0} ms ({beside.Worst.TotalMilliseconds:F0} at most) beside {_servers.Count * SetsOfAKind} hostile members; the operator peaks at {peak >> 20} MiB, takes {cores:F2} cores and led {_world.Operators[0].Lines.Count(l => l.Contains("Leading as", StringComparison.Ordinal))} times"));

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(_servers.Where(s => s.Connections == 0).Select(s => s.Host), Is.Empty, "each has been reached");
            Assert.That(_servers.Where(s => s.Malice == Malice.Names).Select(s => s.Commands.GetValueOrDefault("replSetGetConfig")), Is.All.GreaterThan(0), "whom they name was told");
            Assert.That(_beyond.Where(s => s.Connections > 0).Select(s => s.Host), Is.Empty, "nobody is connected to beyond the grants, whoever names him");
            Assert.That(_world.Operators[0].HasExited, Is.False, "the process lives");
            Assert.That(peak, Is.LessThan(MemoryLimit));
            Assert.That(WorldFacts.BrokenInvariants(_world.World), Is.Empty);
            Assert.That(await _world.LostAsync(), Is.Empty);
        });
    }

    /// <summary>One namespace, many objects: the servers are the same, a set is an object.</summary>
    private async Task AttackAsync()
    {
        await _world.World.AddNamespaceAsync(Mallory, CancellationToken.None);
        await _world.ApplyAsync(_world.Git.Object("Secret"), @namespace: Mallory);
        for (var i = 0; i < SetsOfAKind; i++)
        {
            foreach (var kind in _servers.GroupBy(s => s.Malice))
            {
                await _world.ApplyAsync(Hostile(Name(kind.Key, i), kind), @namespace: Mallory);
            }
        }

        foreach (var kind in _servers.GroupBy(s => s.Malice))
        {
            await Eventually.Is(() => kind.Any(s => s.Connections > 0), $"{kind.Key} is reached", Stuck);
        }
    }

    /// <summary>A hand-off and every step of DNS.</summary>
    private async Task MoveAsync()
    {
        await _world.ApplyAsync(_world.Git.Object("RegionMigration"));
        await _world.ReachAsync(MigrationPhases.Completed, 2 * Stuck);
        Assert.That(WorldFacts.Weights(_world.World), Is.EqualTo((0, 255)));
    }

    private async Task TellAsync()
    {
        foreach (var kind in _servers.GroupBy(s => s.Malice))
        {
            var commands = kind.SelectMany(s => s.Commands).GroupBy(c => c.Key).Select(c => $"{c.Key}={c.Sum(x => x.Value)}");
            TestContext.Progress.WriteLine($"{kind.Key}: {kind.Sum(s => s.Connections)} connections, {kind.Sum(s => s.Sent) >> 20} MiB, {string.Join(' ', commands)}");
            var status = (await _world.GetAsync<MongoReplicaSet>(Name(kind.Key, 0), Mallory)).Status;
            var why = status?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready)?.Message;
            TestContext.Progress.WriteLine($"  {why} | {(status?.Members is { Count: > 0 } members ? members[0].Message : null)}");
            Assert.That(why, Is.Not.Null.And.Not.Empty, $"{kind.Key} is told");
        }
    }

    /// <summary>How long edits of the healthy set take until its primary has them.</summary>
    private async Task<(TimeSpan Median, TimeSpan Worst)> PaceAsync()
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < Edits; i++)
        {
            var watch = Stopwatch.StartNew();
            await _world.ApplyAsync(Healthy(++_edit));
            await Eventually.Is(async () => (await _world.AdministerAsync(SampleNames.Members(SampleNames.OldRegion)[0], new BsonDocument("replSetGetConfig", 1)))["config"]["members"][2]["tags"].AsBsonDocument.GetValue("edit", "") == $"{_edit}", "the edit has arrived", Stuck);
            times.Add(watch.Elapsed);
        }

        times.Sort();
        return (times[times.Count / 2], times[^1]);
    }

    private static bool IsReady(MongoReplicaSet set) => set.Status?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready)?.Status == "True";

    private static string Name(Malice malice, int i) => $"{malice}-{i}".ToLowerInvariant();

    private JsonObject Healthy(int edit = 0)
    {
        var set = _world.Git.Object("MongoReplicaSet");
        set["spec"]!["regions"]![0]!["members"]![2]!["tags"] = new JsonObject { ["edit"] = $"{edit}" };
        return set;
    }

    private JsonObject Hostile(string name, IEnumerable<HostileMongod> servers)
    {
        var set = _world.Git.Object("MongoReplicaSet");
        set["metadata"]!["name"] = name;
        set["spec"]!["primaryRegion"] = "hell";
        set["spec"]!["regions"] = new JsonArray(new JsonObject { ["name"] = "hell", ["members"] = new JsonArray([.. servers.Select(s => new JsonObject { ["host"] = s.Host })]) });
        if (servers.First().Malice == Malice.Names)
        {
            set["spec"]!["replicaSetName"] = HostileMongod.SetName;
            set["spec"]!["connection"]!.AsObject().Remove("credentialsSecretRef");
        }

        if (servers.First().Malice == Malice.Shakes)
        {
            set["spec"]!["connection"]!["tls"]!["mode"] = "Required";
        }

        return set;
    }
}
