using System.Diagnostics;
using Modestano.Testbed.Demo;

namespace Modestano.Testbed.Bench;

/// <summary>
/// The outage of a region: of every set the members in one region stop at the same moment, and start again later. Tells how long it takes until
/// all statuses say so, what the operator costs meanwhile, and how soon all are ready again.
/// </summary>
internal sealed class OutageProbe(BenchOptions options, BenchWorld world, OperatorProcess process, StatusWatch sets)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PrimaryInterval = TimeSpan.FromSeconds(2);
    private int _threads;
    private int _connections;
    private long _bytes;

    public async Task<OutageFigures> RunAsync(CancellationToken cancellationToken)
    {
        var region = options.Outage!.Value.Region;
        var hosts = (from set in Enumerable.Range(0, options.Sets) from m in Enumerable.Range(0, options.Members) where BenchNames.Region(m, options.Members) == region select BenchNames.Host(set, m)).ToList();
        var (begun, watch) = (ProcessSample.Of(process.Id), Stopwatch.StartNew());
        world.Fleet.Stop(hosts, options.Outage.Value.Silent);
        var told = await UntilAsync(() => sets.Count(s => !s.IsReady) == options.Sets, watch, cancellationToken);
        var noticed = ProcessSample.Of(process.Id);
        await Task.Delay(options.Pause, cancellationToken);
        var (before, commands, looks) = (ProcessSample.Of(process.Id), world.Fleet.Commands.Values.Sum(), Stopwatch.StartNew());
        await UntilAsync(() => looks.Elapsed >= options.Window, looks, cancellationToken);
        var (after, seconds) = (ProcessSample.Of(process.Id), looks.Elapsed.TotalSeconds);
        var commandsAfter = world.Fleet.Commands.Values.Sum();

        watch.Restart();
        world.Fleet.Start(hosts, options.Outage.Value.Silent);
        var electing = PrimariesAsync(watch, cancellationToken);
        var ready = await UntilAsync(() => sets.Count(s => s.IsReady) == options.Sets, watch, cancellationToken);
        return new OutageFigures
        {
            Region = region,
            Silent = options.Outage.Value.Silent,
            Told = told,
            ToldCpu = noticed.Cpu - begun.Cpu,
            Cores = after.CoresSince(before),
            CommandsPerSecond = (commandsAfter - commands) / seconds,
            PeakBytes = _bytes,
            PeakThreads = _threads,
            PeakConnections = _connections,
            Primaries = await electing,
            Ready = ready,
        };
    }

    private async Task<TimeSpan?> PrimariesAsync(Stopwatch watch, CancellationToken cancellationToken)
    {
        while (await world.Fleet.SetsWithPrimaryAsync() < options.Sets)
        {
            if (watch.Elapsed > options.OutageLimit)
            {
                return null;
            }

            await Task.Delay(PrimaryInterval, cancellationToken);
        }

        return watch.Elapsed;
    }

    private async Task<TimeSpan?> UntilAsync(Func<bool> condition, Stopwatch watch, CancellationToken cancellationToken)
    {
        while (!condition())
        {
            if (watch.Elapsed > options.OutageLimit)
            {
                return null;
            }

            var now = ProcessSample.Of(process.Id);
            _threads = Math.Max(_threads, now.Threads);
            _bytes = Math.Max(_bytes, now.ResidentBytes);
            _connections = Math.Max(_connections, world.Fleet.Connections);
            await Task.Delay(LookInterval, cancellationToken);
        }

        return watch.Elapsed;
    }
}
