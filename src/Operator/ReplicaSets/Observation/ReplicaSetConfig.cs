namespace Modestano.Operator.ReplicaSets.Observation;

/// <summary>The typed view of a replica-set configuration document. Fields that it does not name stay in the raw document, which the adapter edits.</summary>
public sealed record ReplicaSetConfig
{
    /// <summary><c>_id</c>.</summary>
    public required string SetName { get; init; }

    /// <summary>Rises with each reconfig.</summary>
    public required long Version { get; init; }

    /// <summary>The term that the configuration was made in; -1 where the document has none, as after <c>force: true</c>.</summary>
    public required long Term { get; init; }

    /// <summary>Whether a majority has it: <c>replSetGetConfig {commitmentStatus: true}</c> on the primary.</summary>
    public bool IsCommitted { get; init; } = true;

    /// <summary>The members in the document's order.</summary>
    public required IReadOnlyList<ConfigMember> Members { get; init; }

    /// <summary>The settings.</summary>
    public ConfigSettings Settings { get; init; } = new();

    /// <summary>The member with this host; null: none.</summary>
    public ConfigMember? Find(string host) => Members.FirstOrDefault(m => m.Host == host);

    /// <summary>The members whose vote counts. A member that the server still holds back as <c>newlyAdded</c> does not.</summary>
    public IEnumerable<ConfigMember> Voters => Members.Where(m => m.IsVoter);

    /// <summary>How many votes elect a primary.</summary>
    public int ElectionMajority => (Voters.Count() / 2) + 1;

    /// <summary>How many data-bearing voters acknowledge a majority write: min(voting majority, data-bearing voters) (manual: Write Concern, "majority").</summary>
    public int WriteMajority => Math.Min(ElectionMajority, Voters.Count(m => !m.ArbiterOnly));
}

/// <summary>One entry of <c>members</c>.</summary>
public sealed record ConfigMember
{
    /// <summary><c>_id</c>: the identity within the set.</summary>
    public required int Id { get; init; }

    /// <summary>host:port.</summary>
    public required string Host { get; init; }

    /// <summary>0 or 1.</summary>
    public int Votes { get; init; } = 1;

    /// <summary>0 to 1000, fractions allowed.</summary>
    public double Priority { get; init; } = 1;

    /// <summary>Invisible to applications.</summary>
    public bool Hidden { get; init; }

    /// <summary>Votes, holds no data.</summary>
    public bool ArbiterOnly { get; init; }

    /// <summary>False: builds no indexes; cannot be changed on an existing member.</summary>
    public bool BuildIndexes { get; init; } = true;

    /// <summary>Seconds behind on purpose: <c>secondaryDelaySecs</c>, before 5.0 <c>slaveDelay</c>.</summary>
    public long SecondaryDelaySecs { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Split-horizon names.</summary>
    public IReadOnlyDictionary<string, string> Horizons { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Added with a vote that the server holds back until the initial sync is done (5.0; seen on 4.9). Not in <c>replSetGetConfig</c>:
    /// read <c>local.system.replset</c>, or compare <c>votingMembersCount</c>.
    /// </summary>
    public bool NewlyAdded { get; init; }

    /// <summary>Its vote counts.</summary>
    public bool IsVoter => Votes > 0 && !NewlyAdded;

    /// <summary>Holds data.</summary>
    public bool IsDataBearing => !ArbiterOnly;

    /// <summary>Could be primary, as the configuration says.</summary>
    public bool IsElectable => IsVoter && Priority > 0 && !ArbiterOnly;
}

/// <summary>The settings that the operator can manage. Null: absent from the document.</summary>
public sealed record ConfigSettings
{
    /// <summary>Milliseconds.</summary>
    public int? ElectionTimeoutMillis { get; init; }

    /// <summary>Milliseconds.</summary>
    public int? HeartbeatIntervalMillis { get; init; }

    /// <summary>Seconds.</summary>
    public int? HeartbeatTimeoutSecs { get; init; }

    /// <summary>Milliseconds; -1: without limit.</summary>
    public int? CatchUpTimeoutMillis { get; init; }

    /// <summary>Milliseconds; -1: never.</summary>
    public int? CatchUpTakeoverDelayMillis { get; init; }

    /// <summary>Whether secondaries sync from secondaries.</summary>
    public bool? ChainingAllowed { get; init; }

    /// <summary>Custom write concerns: mode to (tag to number of distinct values).</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>>? GetLastErrorModes { get; init; }
}
