namespace Modestano.Testbed.Bench;

/// <summary>How large a benchmark is and how long it looks.</summary>
/// <param name="OperatorAssembly">Path of modestano-operator.dll.</param>
/// <param name="ConfigFolder">The repository's <c>config</c> folder.</param>
/// <param name="Folder">Where kubeconfig, grants and the operator's log are written.</param>
public sealed record BenchOptions(string OperatorAssembly, string ConfigFolder, string Folder)
{
    /// <summary>MongoReplicaSets.</summary>
    public int Sets { get; init; } = 1000;

    /// <summary>Members of each: half of them, rounded up, in the primary's region.</summary>
    public int Members { get; init; } = 6;

    /// <summary>WeightedDnsRecords, all in one zone.</summary>
    public int Records { get; init; } = 1000;

    /// <summary>
    /// Between the members' own heartbeats at rest. MongoDB's 2 s for six thousand members would take all of a small machine, which is for the
    /// operator's and the world's answers to it.
    /// </summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Seconds that the records may be kept by resolvers; part of the time until a record is ready.</summary>
    public int Ttl { get; init; } = 5;

    /// <summary>Seeds all that is random in the world.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long to wait until all objects are ready.</summary>
    public TimeSpan SettleLimit { get; init; } = TimeSpan.FromSeconds(200);

    /// <summary>Between "all are ready" and the window at rest: figures in status may wait for 30 s, and the pass after that is the last that plans.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>The window at rest.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many objects are edited, and how many primaries are made to step down.</summary>
    public int Samples { get; init; } = 30;

    /// <summary>Between two edits or step-downs.</summary>
    public TimeSpan SampleInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Time between two reads of the operator's metrics.</summary>
    public TimeSpan ScrapeInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>At the end all members of a region stop, of every set; null: they do not.</summary>
    public RegionOutage? Outage { get; init; }

    /// <summary>How long to wait until all statuses tell of it, and later of its end.</summary>
    public TimeSpan OutageLimit { get; init; } = TimeSpan.FromSeconds(600);
}

/// <summary>The outage of a region.</summary>
/// <param name="Region">Which.</param>
/// <param name="Silent">The members neither answer nor refuse, as behind a broken line; else their processes end.</param>
public readonly record struct RegionOutage(string Region, bool Silent);
