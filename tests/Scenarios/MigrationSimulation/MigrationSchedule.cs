using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Runtime;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Scenarios.Simulation;
using Modestano.Scenarios.Virtual;
using MongoDB.Bson;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>
/// One random life of a migration with its replica set and its records: minutes of trouble and of second thoughts, then quiet, in which a
/// person follows what the objects say until nothing is overridden any more. Everything follows from the seed.
/// </summary>
internal sealed class MigrationSchedule : IDisposable
{
    private static readonly TimeSpan QuietLimit = TimeSpan.FromHours(3);

    private readonly Stage _stage;
    private readonly Git _git;
    private readonly VirtualPrometheus _prometheus;
    private readonly WishJudge _wishes;
    private readonly TrafficJudge _traffic;
    private readonly WordsJudge _words;
    private readonly PrimaryJudge _primaries;
    private readonly TruthJudge _truth;
    private readonly Faults _faults;
    private readonly Plot _plot;
    private readonly Random _random;
    private readonly Mischief _mischief;
    private readonly LoopWatch _loops = new();
    private readonly int _seed;
    private VirtualOperator? _operator;

    private MigrationSchedule(int seed, Mischief mischief, Action<string>? trace)
    {
        (_seed, _mischief, _random) = (seed, mischief, new Random(seed));
        var cluster = new VirtualCluster(seed);
        if (trace is not null)
        {
            cluster.Network.Traced += trace;
        }

        _stage = new Stage(cluster, new Scene(cluster, _random), trace);
        _git = new Git(_stage);
        _prometheus = new VirtualPrometheus(_stage.Loop);
        _wishes = new WishJudge(_stage, _git, _prometheus);
        _traffic = new TrafficJudge(_stage, _git, _wishes);
        _wishes.Reads(_traffic);
        _primaries = new PrimaryJudge(_stage, _git, _wishes);
        _truth = new TruthJudge(_stage, _git, _traffic);
        _faults = new Faults(_stage, _prometheus, new Random(_random.Next()), mischief, Restart);
        _words = new WordsJudge(_stage, _traffic, _wishes, _faults.UnhealthyWithin);
        _plot = new Plot(_stage, _git, new RecordEdits(_stage, _git, new Random(_random.Next())), new Random(_random.Next()), mischief);
    }

    /// <summary>Runs the schedule of a seed.</summary>
    /// <param name="seed">Everything follows from it.</param>
    /// <param name="mischief">What it may contain.</param>
    /// <param name="trace">Told every step of members, people, Route 53 and operator; null: nobody asks.</param>
    public static ScheduleResult Run(int seed, Mischief mischief, Action<string>? trace = null)
    {
        using var schedule = new MigrationSchedule(seed, mischief, trace);
        using var entered = schedule._stage.Loop.Enter();
        try
        {
            return schedule.Run() with { Seed = seed };
        }
#pragma warning disable CA1031 // Whatever is thrown is a break of the schedule.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new ScheduleResult { Seed = seed, Broken = e.ToString() };
        }
    }

    public void Dispose()
    {
        _operator?.Life.Kill();
        _prometheus.Dispose();
    }

    private ScheduleResult Run()
    {
        Found();
        var writer = new VirtualWriter(_stage.Cluster.Network, TimeSpan.FromMilliseconds(500), () => _stage.Primary?.Host);
        StartOperator();
        var (scene, together) = (_stage.Scene, _random.Next(4) == 0);
        if (together && _mischief.HasFlag(Mischief.AllAtOnce))
        {
            _git.Commit("set, records and migration", scene.Set, scene.Records, scene.Migration);
        }
        else
        {
            _git.Commit("set and records", scene.Set, scene.Records);
            RunFor(TimeSpan.FromSeconds(40));
            _git.Commit("the migration", migration: scene.Migration);
        }

        var troubled = TimeSpan.FromSeconds(_random.Next(6) == 0 ? 0 : _random.Next(30, 300));
        _plot.Start();
        _faults.Start();
        RunFor(troubled);
        _faults.Stop();
        _plot.Stop();
        _stage.Log("quiet");
        var begun = _stage.Now;
        GatesInQuiet();
        var caretaker = new Caretaker(_stage, _git, _traffic, new Random(_random.Next()));
        while (_stage.Broken is null && !caretaker.IsDone && _stage.Now - begun < QuietLimit)
        {
            RunFor(TimeSpan.FromSeconds(5));
            caretaker.Look();
        }

        var settled = _stage.Now - begun;
        if (_stage.Broken is null && caretaker.IsDone)
        {
            End(writer);
        }

        return new ScheduleResult { Broken = _stage.Broken, Stuck = _stage.Broken is null && !caretaker.IsDone ? caretaker.Missing : null, Settled = settled, Worst = _loops.Worst };
    }

    /// <summary>A roll-back must end whatever the gates say; a migration only where they hold.</summary>
    private void GatesInQuiet()
    {
        var goesBack = _stage.Migration is { } migration && (migration.Status?.RollBack is not null || migration.GetAnnotation(Annotations.RollBack) is not null);
        for (var gate = 1; gate <= 2; gate++)
        {
            var mood = goesBack && _mischief.HasFlag(Mischief.FailingGates) ? (VirtualPrometheus.Mood)_random.Next(0, 4) : VirtualPrometheus.Mood.Passing;
            _prometheus.Set($"query-{gate}", mood, _random.Next(100));
        }
    }

    /// <summary>The set as it was before anybody had an operator.</summary>
    private void Found()
    {
        var hosts = _stage.Scene.Hosts[Scene.From];
        var members = hosts.Select((host, id) => new BsonDocument { { "_id", id }, { "host", host } });
        var network = _stage.Cluster.Network;
        network.Execute(hosts[0], new BsonDocument { { "replSetInitiate", new BsonDocument { { "_id", "rs0" }, { "members", new BsonArray(members) } } }, { "$db", "admin" } });
        network.RunUntil(() => _stage.Primary is not null && network.Describe().Count(m => m.State == "SECONDARY") == hosts.Count - 1, TimeSpan.FromMinutes(1));
    }

    private void RunFor(TimeSpan time)
    {
        var end = _stage.Now + time;
        while (_stage.Broken is null && _stage.Now < end)
        {
            _stage.Loop.RunFor(end - _stage.Now < TimeSpan.FromSeconds(1) ? end - _stage.Now : TimeSpan.FromSeconds(1));
            _wishes.Sample();
            _primaries.Sample();
            if (_operator?.Life.IsDead == false)
            {
                _truth.Sample();
            }
        }
    }

    private void End(VirtualWriter writer)
    {
        _words.Events();
        RunFor(TimeSpan.FromSeconds(12));
        if (_stage.Now - writer.LastAcknowledgement > TimeSpan.FromSeconds(10))
        {
            _stage.Break("at rest no write is acknowledged any more");
        }

        writer.Stopped = true;
        RunFor(TimeSpan.FromSeconds(1));
        if (_stage.Primary is { } primary && writer.Lost(primary.Host) is { Count: > 0 } lost)
        {
            _stage.Break($"acknowledged majority writes are lost: {string.Join(' ', lost.Take(20))}");
        }

        if (_stage.Cluster.Network.Violations is { Count: > 0 } violations)
        {
            _stage.Break($"the set broke its promise: {violations[0]}");
        }
    }

    private void Restart(TimeSpan downtime)
    {
        _stage.Log("the operator is killed");
        _operator?.Life.Kill();
        _stage.Loop.Schedule(downtime, () =>
        {
            if (_operator?.Life.IsDead == true)
            {
                StartOperator();
            }
        });
    }

    private void StartOperator()
    {
        _stage.Log("an operator starts");
        _stage.CalmSince = _stage.Now;
        _operator = new VirtualOperator(_stage.Cluster, new OperatorLife(), null, new VirtualRuntime
        {
            Backoff = new Backoff(TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(2), _seed),
            Passed = Passed,
            Failed = Failed,
        }, _prometheus);
    }

    private void Passed(Type kind, ObjectKey key)
    {
        var cluster = _stage.Cluster;
        if (_loops.Note(_stage.Now, cluster.Migrations.Writes + cluster.Records.Writes + cluster.Sets.Writes) is { } hot && _mischief == Mischief.None)
        {
            _stage.Break(hot);
        }

        if (_stage.IsTraced)
        {
            var (phase, ready) = kind == typeof(RegionMigration) ? (_stage.Migration?.Status?.Phase, $"{_stage.Migration?.Status?.WaitingFor}")
                : kind == typeof(MongoReplicaSet) ? (_stage.Set?.Status?.Phase, Message(_stage.Set?.Status?.Conditions))
                : ("", Message(_stage.Record(key.Name)?.Status?.Conditions));
            _stage.Log($"pass {kind.Name} {key.Name}: {phase} {ready}");
        }
    }

    private static string? Message(IReadOnlyList<Condition>? conditions) => conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready) is { } ready ? $"{ready.Reason}: {ready.Message}" : null;

    private void Failed(Type kind, ObjectKey key, Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (_faults.Thrown.Contains(cause))
            {
                _stage.Log($"pass {kind.Name} {key.Name} fails: {e.Message}");
                return;
            }
        }

        _stage.Break($"an exception came out of a pass of {kind.Name} {key.Name}: {e}");
    }
}
