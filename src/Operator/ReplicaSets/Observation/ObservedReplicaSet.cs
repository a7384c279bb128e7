namespace Modestano.Operator.ReplicaSets.Observation;

/// <summary>What one pass saw of a replica set. Everything in it was read in the same pass (R7).</summary>
public sealed record ObservedReplicaSet
{
    /// <summary>When the pass ended its reading.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>settings.replicaSetId</c>, 24 hex digits; null: no member that answers has a configuration.</summary>
    public string? ReplicaSetId { get; init; }

    /// <summary>The set's name as the members say; null: none.</summary>
    public string? SetName { get; init; }

    /// <summary>
    /// host:port of the primary: a member that answered directly that it is writable, and whose term no other answer exceeds; else one that does
    /// not answer and that the others take for it. Null: none is known. Spelt as in the configuration.
    /// </summary>
    public string? Primary { get; init; }

    /// <summary>The election term, the highest that any member answered.</summary>
    public long? Term { get; init; }

    /// <summary>The configuration: the primary's; without one, the newest by (term, version) that a member answered. Null: nobody has one.</summary>
    public ReplicaSetConfig? Config { get; init; }

    /// <summary>
    /// The default write concern in force, the primary's; without a primary an implicit one counts before an explicit one, as members may lag.
    /// Null: not known.
    /// </summary>
    public ObservedWriteConcern? DefaultWriteConcern { get; init; }

    /// <summary>Every host of the configuration and of the spec.</summary>
    public IReadOnlyDictionary<string, ObservedMember> Members { get; init; } = new Dictionary<string, ObservedMember>();

    /// <summary>Who each member that answers takes for the primary.</summary>
    public IReadOnlyList<PrimaryView> PrimaryViews { get; init; } = [];

    /// <summary>
    /// From the start of the primary's term until majority writes were possible again, by its own <c>electionCandidateMetrics</c>. Null: not
    /// known, or not yet.
    /// </summary>
    public TimeSpan? MajorityWritesAfter { get; init; }

    /// <summary>Bytes that the data takes on the primary's disk (<c>listDatabases.totalSize</c>), compressed; null: not known.</summary>
    public long? DataBytes { get; init; }

    /// <summary>
    /// Bytes of data, uncompressed (<c>dbStats.dataSize</c> of all databases but <c>local</c>): what an initial sync copies. Null: not known, or
    /// nobody waits to copy it.
    /// </summary>
    public long? DataSizeBytes { get; init; }

    /// <summary>The roles of the operator's own user; asked while nothing is applied. Null: no login, not asked, or not told.</summary>
    public IReadOnlyList<string>? OperatorRoles { get; init; }

    /// <summary>The member; one that was never asked is unreachable.</summary>
    public ObservedMember Member(string host) => Members.TryGetValue(host, out var member) ? member : new ObservedMember { Host = host };
}

/// <summary>Whom a member takes for the primary.</summary>
/// <param name="Host">The member that was asked.</param>
/// <param name="Primary">host:port of its primary; null: it sees none.</param>
/// <param name="Term">Its term; null: not known.</param>
public sealed record PrimaryView(string Host, string? Primary, long? Term);

/// <summary>The cluster-wide default write concern in force (<c>getDefaultRWConcern</c>).</summary>
/// <param name="W"><c>majority</c>, a number as text, or a custom mode.</param>
/// <param name="WtimeoutMillis">Milliseconds; 0: without limit.</param>
/// <param name="IsExplicit">Somebody has set it; false: the server's implicit default.</param>
public sealed record ObservedWriteConcern(string W, int WtimeoutMillis, bool IsExplicit);
