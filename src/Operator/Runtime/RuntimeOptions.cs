namespace Modestano.Operator.Runtime;

/// <summary>How the runtime behaves; the defaults suit a production cluster.</summary>
public sealed record RuntimeOptions
{
    /// <summary>The namespaces to watch; empty: the whole cluster.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Workers per kind where <see cref="WorkersByKind"/> names none.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Workers by the kind's plural, as <c>mongoreplicasets</c>.</summary>
    public IReadOnlyDictionary<string, int> WorkersByKind { get; init; } = new Dictionary<string, int>();

    /// <summary>How the leader is chosen; null: this process leads, always (for one replica, and for development).</summary>
    public LeaseOptions? Lease { get; init; }

    /// <summary>Who this process is: pod name and UID, or something as unique. Part of Events and of the lease.</summary>
    public string Identity { get; init; } = $"{Environment.MachineName}_{Guid.NewGuid():N}";

    /// <summary>The namespace that this installation is in: the lease's.</summary>
    public string InstallationNamespace { get; init; } = "default";

    /// <summary>The name of this installation in its namespace: the lease's.</summary>
    public string InstallationName { get; init; } = "modestano-operator";

    /// <summary>The server ends a watch after about this long (<c>timeoutSeconds</c>); the next one goes on from there.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A watch that the server has not ended this long after <see cref="WatchTimeout"/> is dead and is cut.</summary>
    public TimeSpan WatchGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Objects per page of a LIST.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>A pass that takes longer is cancelled and counts as failed: a hanging call must not keep an object from its next pass.</summary>
    public TimeSpan PassTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a pass under way may still run after the process was asked to stop. Together with the release of the lease it stays under 10 s.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>First delay after a failed pass; it doubles with each further failure.</summary>
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest delay after a failed pass, before jitter: what stops the passes now is told within a minute.</summary>
    public TimeSpan BackoffLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Seed of all jitter; a fixed one repeats a run.</summary>
    public int Seed { get; init; } = Environment.ProcessId;

    /// <summary>The workers for a kind.</summary>
    public int WorkersFor(EntityKind kind) => WorkersByKind.GetValueOrDefault(kind.Plural, Workers);
}

/// <summary>The lease that makes one replica the leader (<c>coordination.k8s.io/v1 Lease</c>).</summary>
public sealed record LeaseOptions
{
    /// <summary>The lease's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The lease's name.</summary>
    public string Name { get; init; } = "modestano-operator";

    /// <summary>How long a leader is believed after its last renewal: the longest time without a leader after a crash. Whole seconds.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A leader that could not renew for this long gives up; shorter than <see cref="Duration"/>.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two attempts to acquire or renew.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}
