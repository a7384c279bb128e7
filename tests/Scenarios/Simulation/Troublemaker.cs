using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.Simulation;

/// <summary>What goes wrong in a schedule: machines, networks, disks, answers, the operator itself. Everything that it breaks ends again.</summary>
internal sealed class Troublemaker(ReplicaSetWorld world, Truth truth, Landscape landscape, StubbornHand hand, Random random, Action<string> log)
{
    private readonly Dictionary<int, Action> _open = [];
    private int _next;
    private bool _isOver;

    private EventLoop Loop => world.Network.Loop;

    /// <summary>Breaks something every few seconds until it is stopped.</summary>
    public void Start() => Later(Seconds(1, 20), () =>
    {
        if (!_isOver)
        {
            truth.Look();
            Once();
            Start();
        }
    });

    /// <summary>Ends everything that is still broken.</summary>
    public void Stop()
    {
        _isOver = true;
        truth.Look();
        foreach (var end in _open.OrderBy(o => o.Key).Select(o => o.Value).ToList())
        {
            end();
        }

        _open.Clear();
        world.Network.Faults.Heal();
        world.Calls.LoseAnswerTo.Clear();
        foreach (var member in world.Network.Members)
        {
            member.Restart();
        }
    }

    private void Once()
    {
        var host = Pick(landscape.Hosts);
        var member = world.Network.Find(host)!;
        switch (random.Next(30))
        {
            case 0 or 1 or 2:
                Break($"crash {host}", 5, 60, member.Crash, member.Restart);
                break;
            case 3:
                Break($"shut down {host}", 5, 60, member.ShutDown, member.Restart);
                break;
            case 4 when truth.Primary is { } primary:
                Break($"crash the primary {primary.Host}", 5, 60, primary.Crash, primary.Restart);
                break;
            case 5 or 6:
                Break($"pause {host}", 3, 40, member.Pause, member.Resume);
                break;
            case 7 or 8:
                var side = landscape.Hosts.Where(_ => random.Next(2) == 0).ToList();
                Cut($"partition {string.Join(' ', side)}", side, [.. landscape.Hosts.Except(side)], bothWays: true);
                break;
            case 9:
                var region = landscape.RegionOf(host);
                Cut($"cut {region} off", [.. landscape.Hosts.Where(h => landscape.RegionOf(h) == region)], [.. landscape.Hosts.Where(h => landscape.RegionOf(h) != region)], bothWays: true);
                break;
            case 10 or 11:
                Cut($"one-way cut from {host}", [host], [.. landscape.Hosts.Where(h => h != host && random.Next(2) == 0)], bothWays: false);
                break;
            case 12 or 13:
                var slow = member.Options.Disk with { ApplyDelay = TimeSpan.FromMilliseconds(random.Next(3000)), JournalDelay = TimeSpan.FromMilliseconds(random.Next(300)) };
                Break($"slow disk of {host}", 10, 90, () => member.SetSpeed(slow), () => member.SetSpeed(member.Options.Disk));
                break;
            case 14 or 15:
                Break($"{host} applies nothing", 10, 60, () => member.SetSpeed(member.Options.Disk with { ApplyStopped = true, InitialSyncHeld = true }), () => member.SetSpeed(member.Options.Disk));
                break;
            case 16 or 17:
                log("operator restarts");
                world.RestartOperator();
                break;
            case 18:
                var unseen = landscape.Hosts.Where(_ => random.Next(4) == 0).ToList();
                Break($"operator cut off from {string.Join(' ', unseen)}", 5, 60, () => world.Calls.CutOff.UnionWith(unseen), () => world.Calls.CutOff.ExceptWith(unseen));
                break;
            case 19 or 20:
                var lost = random.Next(3) == 0 ? "replSetStepDown" : "replSetReconfig";
                log($"the next answer to {lost} gets lost");
                world.Calls.LoseAnswerTo.Add(lost);
                break;
            case 21 when truth.Primary is { } primary:
                log($"somebody steps {primary.Host} down");
                hand.Send(primary, new BsonDocument { { "replSetStepDown", 20 }, { "secondaryCatchUpPeriodSecs", 2 } });
                break;
            case 22 when truth.Primary is { } primary && truth.OldOperationsSince is null:
                Break($"a transaction stays open on {primary.Host}", 20, 60, () => Open(primary), () => Close(primary));
                break;
            case 23 or 24:
                hand.Drift(force: false);
                break;
            case 25:
                hand.Drift(force: true);
                break;
            case 26:
                hand.Insist();
                break;
            case 27:
                Break("somebody holds the object", 5, 60, () => world.Annotate(Annotations.Hold, "looking at it"), () => world.Annotate(Annotations.Hold, null));
                break;
            case 28:
                Break("the operator loses its lease", 5, 30, () => world.Leadership.IsLeader = false, () => world.Leadership.IsLeader = true);
                break;
            case 29:
                var (here, there) = (landscape.RegionOf(host), landscape.RegionOf(Pick(landscape.Hosts)));
                Break($"packets get lost between {here} and {there}", 10, 60, () => world.Network.Faults.SetLoss(here, there, 0.05), () => world.Network.Faults.SetLoss(here, there, 0));
                break;
            default:
                break;
        }
    }

    private void Cut(string what, IReadOnlyList<string> from, IReadOnlyList<string> to, bool bothWays)
    {
        Break(what, 5, 60, () => Each(world.Network.Faults.Cut), () => Each(world.Network.Faults.Mend));

        void Each(Action<string, string> change)
        {
            foreach (var (one, other) in from.SelectMany(_ => to, (one, other) => (one, other)))
            {
                change(one, other);
                if (bothWays)
                {
                    change(other, one);
                }
            }
        }
    }

    private void Open(SimulatedMember primary)
    {
        primary.CurrentOperations = [new BsonDocument("transaction", new BsonDocument("timeOpenMicros", 3_600_000_000L))];
        truth.OldOperationsSince = Loop.Elapsed;
    }

    private void Close(SimulatedMember primary)
    {
        primary.CurrentOperations = [];
        truth.OldOperationsSince = null;
    }

    private void Break(string what, int atLeast, int atMost, Action begin, Action end)
    {
        var lasts = Seconds(atLeast, atMost);
        log($"{what} for {lasts.TotalSeconds:0} s");
        begin();
        var number = _next++;
        _open[number] = end;
        Later(lasts, () =>
        {
            if (_open.Remove(number))
            {
                truth.Look();
                log($"over: {what}");
                end();
            }
        });
    }

    private void Later(TimeSpan delay, Action action) => Loop.Schedule(delay, action);

    private TimeSpan Seconds(int atLeast, int atMost) => TimeSpan.FromSeconds(atLeast + (random.NextDouble() * (atMost - atLeast)));

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
