using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;
using MemberState = Modestano.Testbed.Mongo.Model.MemberState;

namespace Modestano.Scenarios.Simulation;

/// <summary>
/// One random life of a replica set and its object: a topology, trouble and edits for some minutes, then peace, in which the set must come to
/// rest as the spec says. Everything follows from the seed.
/// </summary>
internal sealed class Schedule : IDisposable
{
    /// <summary>Pauses after failed hand-offs go up to a quarter of an hour.</summary>
    private static readonly TimeSpan PeaceLimit = TimeSpan.FromHours(1);

    private readonly ReplicaSetWorld _world;
    private readonly Random _random;
    private readonly Landscape _landscape;
    private readonly Truth _truth;
    private readonly StepJudge _judge;
    private readonly StubbornHand _hand;
    private readonly Troublemaker _trouble;
    private readonly Person _person;
    private readonly SpecGenerator _specs;
    private readonly LoopWatch _loops = new();
    private readonly Action<string>? _trace;
    private readonly bool _bootstraps;
    private bool _isPeace;
    private string? _break;

    private Schedule(int seed, Action<string>? trace)
    {
        _trace = trace;
        _random = new Random(seed);
        var network = new SimulatedReplicaSetNetwork(EventLoop.Virtual(seed));
        if (trace is not null)
        {
            network.Traced += trace;
        }

        _bootstraps = _random.Next(10) == 0;

        // Whom the operator initiates has the version of its binary, and older binaries could not join it.
        _landscape = new Landscape(network, _random, mayBeMixed: !_bootstraps);
        _world = new ReplicaSetWorld(network, Watch);
        _world.Calls.Authorization = _random.Next(2) == 0;
        _truth = new Truth(network, _world.Calls, _landscape.Foreign);
        _judge = new StepJudge(_truth, _landscape);
        _specs = new SpecGenerator(_landscape, _random, () => _world.Status.ReplicaSetId is null ? [.. _truth.Config?.Members.Where(m => !m.ArbiterOnly || !_world.Calls.Authorization).Select(m => m.Host) ?? []] : null);
        _hand = new StubbornHand(_world, _truth, _landscape, _random, Log);
        _trouble = new Troublemaker(_world, _truth, _landscape, _hand, _random, Log);
        _person = new Person(_world, _truth, _specs, _hand, Log);
        _world.PassBegins += OnPassBegins;
        _world.PassEnded += OnPassEnded;
    }

    private EventLoop Loop => _world.Network.Loop;

    /// <summary>Runs the schedule of a seed.</summary>
    /// <param name="seed">Everything follows from it.</param>
    /// <param name="trace">Told every step of the members and of the operator; null: nobody asks.</param>
    public static ScheduleResult Run(int seed, Action<string>? trace = null)
    {
        using var schedule = new Schedule(seed, trace);
        try
        {
            return schedule.Run() with { Seed = seed };
        }
#pragma warning disable CA1031 // Whatever the operator throws is a break of the schedule.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new ScheduleResult { Seed = seed, Broken = e.ToString() };
        }
    }

    public void Dispose() => _world.Dispose();

    private ScheduleResult Run()
    {
        Found(_bootstraps);
        var writer = new VirtualWriter(_world.Network, TimeSpan.FromMilliseconds(500), () => _truth.Primary?.Host);
        Apply(_specs.First(_bootstraps));

        var troubled = _random.Next(6) == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(_random.Next(30, 240));
        Log($"trouble for {troubled.TotalSeconds} s");
        if (troubled > TimeSpan.Zero)
        {
            _trouble.Start();
            EditNowAndThen(Loop.Elapsed + troubled);
            RunUntil(() => false, troubled);
            _trouble.Stop();
        }

        Log("peace");
        _isPeace = true;
        _person.Patience = TimeSpan.FromSeconds(3);
        var begun = Loop.Elapsed;
        while (_break is null && Loop.Elapsed - begun < PeaceLimit)
        {
            RunUntil(() => ReplicaSetWorld.IsSettled(_world) && Differs() is null, PeaceLimit - (Loop.Elapsed - begun));
            if (_break is null && ReplicaSetWorld.IsSettled(_world) && Differs() is null && Rests(writer))
            {
                return new ScheduleResult { Broken = _break, Settled = Loop.Elapsed - begun, Worst = _loops.Worst };
            }
        }

        return new ScheduleResult
        {
            Broken = _break,
            Stuck = _break is null ? $"{_world.Status.Phase} {_world.Status.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready)?.Message}; {Differs() ?? "the set is as wanted"}" : null,
            Worst = _loops.Worst,
        };
    }

    /// <summary>The set as it was before anybody had an operator.</summary>
    private void Found(bool bootstrap)
    {
        if (_landscape.Foreign is { } foreign)
        {
            Initiate([new BsonDocument { { "_id", 0 }, { "host", foreign } }]);
        }

        if (!bootstrap)
        {
            // Primary, secondary, arbiter: the smallest set that people run, and the one with most rules of its own.
            var isPsa = _random.Next(6) == 0;
            var hosts = _landscape.Hosts.Where(h => h != _landscape.Foreign).OrderBy(_ => _random.Next()).Take(isPsa ? 3 : _random.Next(1, 8))
                .OrderBy(h => _truth.Find(h).Options.Version != _landscape.Oldest).ToList();
            Initiate([.. hosts.Select((host, i) => Founder(i, host, isArbiter: isPsa && i == 2))]);
            _world.Network.RunUntil(() => _truth.Primary is not null && hosts.TrueForAll(h => _truth.Find(h).Process!.Topology.State is MemberState.Primary or MemberState.Secondary or MemberState.Arbiter), TimeSpan.FromMinutes(2));
            if (_landscape.IsMixed && _truth.Primary is { } primary)
            {
                _world.Network.Execute(primary.Host, new BsonDocument { { "setFeatureCompatibilityVersion", _landscape.Oldest.FeatureCompatibility }, { "confirm", true }, { "$db", "admin" } });
            }
        }
    }

    private BsonDocument Founder(int index, string host, bool isArbiter)
    {
        var member = new BsonDocument { { "_id", (index * 2) + _random.Next(2) }, { "host", host } };
        if (isArbiter)
        {
            member.Add("arbiterOnly", true);
        }
        else if (index > 0)
        {
            switch (_random.Next(8))
            {
                case 0:
                    member.Add("priority", 0).Add("votes", 0).Add("hidden", _random.Next(2) == 0);
                    break;
                case 1:
                    member.Add("priority", _random.Next(0, 10) / 2.0);
                    break;
                case 2:
                    member.Add("tags", new BsonDocument { { "rack", "r1" }, { "region", "old" } });
                    break;
                default:
                    break;
            }
        }

        return member;
    }

    private void Initiate(IEnumerable<BsonDocument> members)
    {
        var list = new BsonArray(members);
        var config = new BsonDocument { { "_id", "rs0" }, { "members", list } };
        var reply = _world.Network.Execute(list[0]["host"].AsString, new BsonDocument { { "replSetInitiate", config }, { "$db", "admin" } });
        if (reply["ok"].ToDouble() != 1)
        {
            throw new InvalidOperationException($"replSetInitiate {config}: {reply}");
        }
    }

    private void EditNowAndThen(TimeSpan until) => Loop.Schedule(TimeSpan.FromSeconds(_random.Next(15, 120)), () =>
    {
        if (Loop.Elapsed < until)
        {
            Log("a person edits the spec");
            Apply(_specs.Edit(_world.Entity.Spec));
            EditNowAndThen(until);
        }
    });

    private void Apply(MongoReplicaSetSpec spec) => _world.Apply(spec);

    private string? Differs() => RestJudge.Differs(_truth, _landscape, _world.Entity.Spec);

    private void RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var end = Loop.Elapsed + limit;
        while (_break is null && Loop.Elapsed < end && !condition())
        {
            _world.Step(end - Loop.Elapsed < TimeSpan.FromSeconds(1) ? end - Loop.Elapsed : TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>At rest nothing is sent and next to nothing is written, and no acknowledged write is lost; false: it moved on, which a takeover may do.</summary>
    private bool Rests(VirtualWriter writer)
    {
        var (sent, writes, generation) = (_world.Calls.Sent.Count, _world.Sets.Writes, _world.Entity.Metadata.Generation);
        RunUntil(() => false, TimeSpan.FromSeconds(95));
        if (_break is not null || !ReplicaSetWorld.IsSettled(_world) || Differs() is not null || _world.Calls.Sent.Count != sent || _world.Entity.Metadata.Generation != generation)
        {
            return false;
        }

        var before = _world.Sets.Writes;
        _world.Pass();
        var lazy = _world.Sets.Writes - before;
        _world.Pass();
        if (_world.Sets.Writes != before + lazy || before - writes > 5)
        {
            Break($"at rest {before - writes} status writes in 95 s, and {_world.Sets.Writes - before - lazy} right after another pass");
        }

        if (Loop.Elapsed - writer.LastAcknowledgement > TimeSpan.FromSeconds(10))
        {
            Break("at rest no write is acknowledged any more");
        }

        writer.Stopped = true;
        _world.Network.RunFor(TimeSpan.FromSeconds(1));
        if (!_hand.HasForced && _truth.Primary is { } primary && writer.Lost(primary.Host) is { Count: > 0 } lost)
        {
            Break($"acknowledged majority writes are lost: {string.Join(' ', lost.Take(20))}");
        }

        return true;
    }

    private void OnPassBegins()
    {
        _judge.Object = _world.Entity;
        _truth.MaxLag = _judge.Object.Spec.Reconfiguration.MaxReplicationLag.Value;
        _truth.BeginPass();
    }

    private void OnPassEnded(TimeSpan? after)
    {
        _truth.EndPass();
        if (_loops.Note(Loop.Elapsed, _world.Sets.Writes) is { } hot)
        {
            Break(hot);
        }

        if (!_hand.HasForced && _world.Network.Violations is { Count: > 0 } violations)
        {
            Break($"the set broke its promise: {violations[0]}");
        }

        if (_person.Look() is { } helpless)
        {
            Break(helpless);
        }

        if (_isPeace)
        {
            _person.TendMachines();
        }

        if (_trace is not null)
        {
            Log($"pass: {_world.Status.Phase}: {_world.Status.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready)?.Message}");
        }
    }

    private WatchedCalls Watch(IMemberCalls calls)
    {
        var watched = new WatchedCalls(calls);
        watched.Asking += host => _truth.Ask(host);
        watched.Sending += (host, command) =>
        {
            Log($"{command.GetElement(0).Name} to {host}: {Short(command)}");
            foreach (var broken in _judge.Judge(host, command))
            {
                Break(broken);
            }
        };
        watched.Answered += (host, command, failure) => Log($"{command.GetElement(0).Name} to {host}: {failure?.ToString() ?? "done"}");
        return watched;
    }

    private static string Short(BsonDocument command) => command[0] is BsonDocument config && config.Contains("members")
        ? string.Create(CultureInfo.InvariantCulture, $"v{config.GetValue("version", 0)} {string.Join(' ', config["members"].AsBsonArray.Select(m => $"{Name(m["host"].AsString)}({m.AsBsonDocument.GetValue("votes", 1)},{m.AsBsonDocument.GetValue("priority", 1)}{(m.AsBsonDocument.GetValue("hidden", false).ToBoolean() ? ",h" : "")})"))}")
        : command.ToString();

    /// <summary>a.w2 for a.eu-west-2:27017.</summary>
    private static string Name(string host) => $"{host[..2]}{host[5]}{host.Split(':')[0][^1]}";

    private void Break(string what)
    {
        Log($"BREAK {what}");
        _break ??= string.Create(CultureInfo.InvariantCulture, $"at {Loop.Elapsed.TotalSeconds:F1} s: {what}");
    }

    private void Log(string line) => _trace?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{Loop.Elapsed.TotalMilliseconds:F3} -- {line}"));
}

/// <summary>What became of a schedule.</summary>
internal sealed record ScheduleResult
{
    public int Seed { get; init; }

    /// <summary>The invariant that broke; null: none did.</summary>
    public string? Broken { get; init; }

    /// <summary>Why it did not come to rest; null: it did.</summary>
    public string? Stuck { get; init; }

    /// <summary>From the end of the trouble to rest.</summary>
    public TimeSpan Settled { get; init; }

    /// <summary>Passes and status writes in the worst minute.</summary>
    public (int Passes, int Writes) Worst { get; init; }
}
