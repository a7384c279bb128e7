using System.Diagnostics;
using Modestano.Testbed.Demo;

namespace Modestano.Testbed.Bench;

/// <summary>
/// Measures the shipped operator at a size: start, settling, rest, reaction to an edit and to a new primary. What is counted is counted by the
/// world and the kernel; nothing that the operator says of itself enters, but the statuses that it writes.
/// </summary>
public sealed class BenchRun(BenchOptions options, Action<string> say)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);
    private static readonly string[] WritingVerbs = ["create", "update", "patch", "delete"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs it and says the figures.</summary>
    /// <returns>The figures.</returns>
    public async Task<BenchFigures> RunAsync(CancellationToken cancellationToken)
    {
        var building = Stopwatch.StartNew();
        await using var world = await BenchWorld.StartAsync(options, cancellationToken);
        say($"world       {options.Sets} sets of {options.Members} members, {options.Records} records in one zone; built in {building.Elapsed.TotalSeconds:0} s");
        await using var sets = new StatusWatch(world.Client, "mongoreplicasets");
        await using var records = new StatusWatch(world.Client, "weighteddnsrecords");

        var log = Path.Combine(options.Folder, "operator.log");
        var started = Stopwatch.GetTimestamp();
        await using var process = OperatorProcess.Start(options.OperatorAssembly, ["run"], world.OperatorEnvironment, log);
        say($"operator    process {process.Id}, log in {log}");
        using var scraping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scraper = new MetricsScraper(world.MetricsPort, options.ScrapeInterval);
        var scrapes = scraper.RunAsync(scraping.Token);

        var start = await StartAsync(world, process, sets, records, started, cancellationToken);
        say(start.ToString());
        await Task.Delay(options.Pause, cancellationToken);
        var rest = await RestAsync(world, process, scraper, sets, cancellationToken);
        say(rest.ToString());
        var edits = await EditsAsync(world, cancellationToken);
        say($"an edit     reached the primary as replSetReconfig after {edits}");
        await WaitUntilAsync(() => sets.Count(s => s.IsReady) == options.Sets, process, Stopwatch.GetTimestamp(), cancellationToken);
        var primaries = await new StepDownProbe(options, world, sets).RunAsync(cancellationToken);
        say($"new primary in status after {primaries}");
        OutageFigures? outage = null;
        if (options.Outage is not null)
        {
            await WaitUntilAsync(() => sets.Count(s => s.IsReady) == options.Sets, process, Stopwatch.GetTimestamp(), cancellationToken);
            outage = await new OutageProbe(options, world, process, sets).RunAsync(cancellationToken);
            say(outage.ToString());
        }

        var end = ProcessSample.Of(process.Id);
        say($"at the end  {end.ResidentBytes / 1048576.0:0} MiB, at most {end.PeakBytes / 1048576.0:0} MiB");
        await scraping.CancelAsync();
        await scrapes;
        return new BenchFigures(start, rest, edits, primaries, outage);
    }

    private async Task<StartFigures> StartAsync(BenchWorld world, OperatorProcess process, StatusWatch sets, StatusWatch records, long started, CancellationToken cancellationToken)
    {
        await WaitUntilAsync(() => world.Fleet.Commands.Count > 0, process, started, cancellationToken, TimeSpan.FromMilliseconds(5));
        var first = Stopwatch.GetElapsedTime(started);
        TimeSpan? setsReady = null, recordsReady = null;
        int peakThreads = 0, peakConnections = 0;
        await WaitUntilAsync(
            () =>
            {
                var now = Stopwatch.GetElapsedTime(started);
                setsReady ??= sets.Count(s => s.IsReady) == options.Sets ? now : null;
                recordsReady ??= records.Count(r => r.IsReady) == options.Records ? now : null;
                peakThreads = Math.Max(peakThreads, ProcessSample.Of(process.Id).Threads);
                peakConnections = Math.Max(peakConnections, world.Fleet.Connections);
                return setsReady is not null && recordsReady is not null;
            },
            process, started, cancellationToken, TimeSpan.FromMilliseconds(250));
        var open = sets.Count(s => !s.IsReady);
        if (open > 0 || recordsReady is null)
        {
            say($"warning     not ready after {options.SettleLimit.TotalSeconds:0} s: {options.Sets - sets.Count(s => s.IsReady)} sets, {options.Records - records.Count(r => r.IsReady)} records; for example {sets.Example() ?? records.Example()}");
        }

        return new StartFigures(first, setsReady, recordsReady, ProcessSample.Of(process.Id), peakThreads, peakConnections);
    }

    private async Task<RestFigures> RestAsync(BenchWorld world, OperatorProcess process, MetricsScraper scraper, StatusWatch sets, CancellationToken cancellationToken)
    {
        var requests = world.Cluster.Server.Requests;
        var user = PreparedCluster.OperatorUser;
        long Writes() => WritingVerbs.Sum(verb => requests.Total(verb, user: user)) - LeaseWrites();
        long LeaseWrites() => requests.Total("update", "leases", user);
        long StatusWrites() => requests.Total("update", "mongoreplicasets/status", user) + requests.Total("update", "weighteddnsrecords/status", user);
        (long All, long Writes, long Status, long Leases, int Dns) Api() => (requests.Total(user: user), Writes(), StatusWrites(), LeaseWrites(), world.Route53.Requests.All.Count);

        var (before, api, commands) = (ProcessSample.Of(process.Id), Api(), world.Fleet.Commands);
        sets.ForgetChanges();
        var resident = new List<long>();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < options.Window)
        {
            await Task.Delay(TimeSpan.FromSeconds(Math.Clamp((options.Window - watch.Elapsed).TotalSeconds, 0.01, 5)), cancellationToken);
            resident.Add(ProcessSample.Of(process.Id).ResidentBytes);
        }

        var (after, apiAfter, commandsAfter) = (ProcessSample.Of(process.Id), Api(), world.Fleet.Commands);
        var seconds = (after.At - before.At).TotalSeconds;
        return new RestFigures
        {
            Window = after.At - before.At,
            Cores = after.CoresSince(before),
            ResidentBytes = resident.Max(),
            Threads = after.Threads,
            Sockets = after.Sockets,
            MemberConnections = world.Fleet.Connections,
            CommandsPerSecond = commandsAfter
                .Select(c => (c.Key, PerSecond: (c.Value - commands.GetValueOrDefault(c.Key)) / seconds))
                .Where(c => c.PerSecond > 0).OrderByDescending(c => c.PerSecond).ToList(),
            ApiReads = apiAfter.All - api.All - (apiAfter.Writes - api.Writes) - (apiAfter.Leases - api.Leases),
            ApiWrites = apiAfter.Writes - api.Writes,
            StatusWrites = apiAfter.Status - api.Status,
            StatusFields = sets.Changes(),
            Route53PerMinute = (apiAfter.Dns - api.Dns) * 60 / seconds,
            MetricLines = scraper.Lines,
            MetricBytes = scraper.Bytes,
        };
    }

    private async Task<Latencies> EditsAsync(BenchWorld world, CancellationToken cancellationToken)
    {
        var edited = new List<(int Set, DateTimeOffset At)>();
        foreach (var set in Spread(0))
        {
            edited.Add((set, DateTimeOffset.UtcNow));
            await world.EditAsync(set, "edited", cancellationToken);
            await Task.Delay(options.SampleInterval, cancellationToken);
        }

        var watch = Stopwatch.StartNew();
        List<(string Of, TimeSpan After)> seen;
        do
        {
            await Task.Delay(LookInterval, cancellationToken);
            seen = [.. edited
                .Select(e => (e.Set, e.At, Effect: world.Fleet.Changes(e.Set).FirstOrDefault(c => c.Name == "replSetReconfig" && c.ReceivedAt > e.At)))
                .Where(e => e.Effect is not null).Select(e => (Latencies.Named(BenchNames.Set(e.Set), e.At), e.Effect!.ReceivedAt - e.At))];
        }
        while (seen.Count < edited.Count && watch.Elapsed < Patience);
        return new Latencies(seen, edited.Count);
    }

    /// <summary>Sets to take samples of, spread over all.</summary>
    private IEnumerable<int> Spread(int first) => Enumerable.Range(0, Math.Min(options.Samples, options.Sets)).Select(i => (first + (i * options.Sets / Math.Min(options.Samples, options.Sets))) % options.Sets);

    private async Task WaitUntilAsync(Func<bool> condition, OperatorProcess process, long since, CancellationToken cancellationToken, TimeSpan? interval = null)
    {
        while (!condition() && Stopwatch.GetElapsedTime(since) < options.SettleLimit)
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"the operator ended with exit code {process.ExitCode}; see its log in {options.Folder}");
            }

            await Task.Delay(interval ?? LookInterval, cancellationToken);
        }
    }
}
