using System.Globalization;

namespace Modestano.Testbed.Bench;

/// <summary>What a benchmark measured.</summary>
/// <param name="Start">From the process' start to rest.</param>
/// <param name="Rest">While nothing happened.</param>
/// <param name="Edits">From an edit's request to the arrival of the reconfig at the primary.</param>
/// <param name="NewPrimaries">From the election of a primary to the status that names it, as a watch delivers it.</param>
/// <param name="Outage">While a region was gone; null: none was.</param>
public sealed record BenchFigures(StartFigures Start, RestFigures Rest, Latencies Edits, Latencies NewPrimaries, OutageFigures? Outage);

/// <summary>From the process' start on.</summary>
public sealed record StartFigures
{
    internal StartFigures(TimeSpan firstReconcile, TimeSpan? setsReady, TimeSpan? recordsReady, ProcessSample process, int peakThreads, int peakConnections)
    {
        (FirstReconcile, SetsReady, RecordsReady, PeakThreads, PeakConnections) = (firstReconcile, setsReady, recordsReady, peakThreads, peakConnections);
        (Cpu, PeakBytes) = (process.Cpu, process.PeakBytes);
    }

    /// <summary>Until the first command reached a member.</summary>
    public TimeSpan FirstReconcile { get; }

    /// <summary>Until all replica sets were Ready; null: they were not.</summary>
    public TimeSpan? SetsReady { get; }

    /// <summary>Until all records were Ready; null: they were not.</summary>
    public TimeSpan? RecordsReady { get; }

    /// <summary>Processor time until then.</summary>
    public TimeSpan Cpu { get; }

    /// <summary>Most resident memory until then.</summary>
    public long PeakBytes { get; }

    /// <summary>Most threads until then.</summary>
    public int PeakThreads { get; }

    /// <summary>Most connections to members until then.</summary>
    public int PeakConnections { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"start       first reconcile after {FirstReconcile.TotalSeconds:0.00} s; all sets ready after {Seconds(SetsReady)}, all records after {Seconds(RecordsReady)}; {Cpu.TotalSeconds:0.0} s of CPU, at most {PeakBytes / 1048576.0:0} MiB, {PeakThreads} threads, {PeakConnections} connections to members");

    private static string Seconds(TimeSpan? time) => time is { } t ? string.Create(CultureInfo.InvariantCulture, $"{t.TotalSeconds:0.0} s") : "(not in time)";
}

/// <summary>While nothing happened.</summary>
public sealed record RestFigures
{
    /// <summary>How long was looked.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>Cores in use on average.</summary>
    public required double Cores { get; init; }

    /// <summary>Most resident memory.</summary>
    public required long ResidentBytes { get; init; }

    public required int Threads { get; init; }

    public required int Sockets { get; init; }

    /// <summary>Connections as the members count them.</summary>
    public required int MemberConnections { get; init; }

    /// <summary>Commands to all members together, by name.</summary>
    public required IReadOnlyList<(string Name, double PerSecond)> CommandsPerSecond { get; init; }

    /// <summary>Requests to the API server that read, watches included.</summary>
    public required long ApiReads { get; init; }

    /// <summary>Requests to the API server that write, renewals of the lease left out.</summary>
    public required long ApiWrites { get; init; }

    /// <summary>Of these, writes of a status.</summary>
    public required long StatusWrites { get; init; }

    /// <summary>The fields of statuses that these changed, with how often.</summary>
    public required IReadOnlyList<(string Field, int Times)> StatusFields { get; init; }

    public required double Route53PerMinute { get; init; }

    /// <summary>Lines of one answer of the metrics endpoint.</summary>
    public required long MetricLines { get; init; }

    public required long MetricBytes { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        at rest     {Window.TotalSeconds:0} s: {Cores:0.000} core, {ResidentBytes / 1048576.0:0} MiB, {Threads} threads, {Sockets} sockets ({MemberConnections} to members)
                    API server: {ApiReads} reads, {ApiWrites} writes ({StatusWrites} of a status{string.Concat(StatusFields.Take(5).Select((f, i) => $"{(i == 0 ? ": " : ", ")}{f.Field} {f.Times}"))}), renewals of the lease left out; Route 53: {Route53PerMinute:0.0} requests a minute
                    to members: {CommandsPerSecond.Sum(c => c.PerSecond):0} commands a second ({string.Join(", ", CommandsPerSecond.Select(c => $"{c.Name} {c.PerSecond:0.0}"))})
                    metrics: {MetricLines} lines, {MetricBytes / 1048576.0:0.0} MiB a scrape
        """);
}

/// <summary>While all members of a region were gone, and afterwards.</summary>
public sealed record OutageFigures
{
    public required string Region { get; init; }

    /// <summary>The members were silent; else their processes had ended.</summary>
    public required bool Silent { get; init; }

    /// <summary>Until no set was Ready any more in its status; null: not in time.</summary>
    public required TimeSpan? Told { get; init; }

    /// <summary>Processor time until then.</summary>
    public required TimeSpan ToldCpu { get; init; }

    /// <summary>Cores in use on average, later in the outage.</summary>
    public required double Cores { get; init; }

    public required double CommandsPerSecond { get; init; }

    /// <summary>Most resident memory from the beginning to the end.</summary>
    public required long PeakBytes { get; init; }

    public required int PeakThreads { get; init; }

    public required int PeakConnections { get; init; }

    /// <summary>From the members' return until each set had a primary, by the members' own word; null: not in time.</summary>
    public required TimeSpan? Primaries { get; init; }

    /// <summary>From the members' return until all sets were Ready; null: not in time.</summary>
    public required TimeSpan? Ready { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        outage      of {Region}, members {(Silent ? "silent" : "stopped")}: no set ready any more after {Seconds(Told)} and {ToldCpu.TotalSeconds:0.0} s of CPU; at most {PeakBytes / 1048576.0:0} MiB, {PeakThreads} threads, {PeakConnections} connections to members
                    later {Cores:0.000} core, {CommandsPerSecond:0} commands a second to members; after the members' return every set had a primary after {Seconds(Primaries)}, all were ready after {Seconds(Ready)}
        """);

    private static string Seconds(TimeSpan? time) => time is { } t ? string.Create(CultureInfo.InvariantCulture, $"{t.TotalSeconds:0.0} s") : "(not in time)";
}

/// <summary>A sample of times.</summary>
public sealed record Latencies
{
    private const int Slowest = 3;
    private readonly List<(string Of, TimeSpan After)> _sorted;

    /// <summary>A sample.</summary>
    /// <param name="seen">The times, and of what: the slowest are named, so that the operator's log can be read beside.</param>
    /// <param name="expected">How many there should be.</param>
    public Latencies(IEnumerable<(string Of, TimeSpan After)> seen, int expected) => (_sorted, Expected) = ([.. seen.OrderBy(s => s.After)], expected);

    /// <summary>How one of the sample is called: what it is, and when its time began.</summary>
    public static string Named(string of, DateTimeOffset began) => string.Create(CultureInfo.InvariantCulture, $"{of} at {began:HH:mm:ss.fff}");

    /// <summary>How many times there are.</summary>
    public int Count => _sorted.Count;

    /// <summary>How many there should be.</summary>
    public int Expected { get; }

    /// <summary>The time that a share of the sample does not exceed.</summary>
    public TimeSpan? Percentile(double share) => Count == 0 ? null : _sorted[(int)Math.Min(Count - 1, Math.Ceiling(share * Count) - 1)].After;

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"p50 {Percentile(0.5)?.TotalMilliseconds:0} ms, p95 {Percentile(0.95)?.TotalMilliseconds:0} ms, max {Percentile(1)?.TotalMilliseconds:0} ms ({Count} of {Expected} seen); slowest: {string.Join(", ", _sorted.TakeLast(Slowest).Reverse().Select(s => s.Of))}");
}
