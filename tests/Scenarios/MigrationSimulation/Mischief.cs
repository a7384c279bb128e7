namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>What a schedule may contain beyond a migration that nobody disturbs.</summary>
[Flags]
internal enum Mischief
{
    None = 0,

    /// <summary>Somebody holds the migration, its set or its records, by annotation or in Git.</summary>
    Holds = 1,

    /// <summary>Somebody asks for a roll-back.</summary>
    RollBacks = 1 << 1,

    /// <summary>The migration is deleted.</summary>
    Deletions = 1 << 2,

    /// <summary>The migration vanishes, finalizer and all.</summary>
    ForcedRemovals = 1 << 3,

    /// <summary>Steps, holds, gates and what else a migration's spec says change on the way.</summary>
    MigrationEdits = 1 << 4,

    /// <summary>Endpoints come and go, weights, values and TTLs change, a record is deleted, a commit is reverted.</summary>
    RecordEdits = 1 << 5,

    /// <summary>Members come and go in the set's spec, its primary's region changes.</summary>
    SetEdits = 1 << 6,

    /// <summary>Prometheus gates that do not hold.</summary>
    FailingGates = 1 << 7,

    /// <summary>Prometheus is slow, refuses, or answers what it should not.</summary>
    BrokenAnswers = 1 << 8,

    /// <summary>Route 53 health checks that fail.</summary>
    HealthChecks = 1 << 9,

    /// <summary>Members crash, freeze, fall behind, are cut off.</summary>
    Members = 1 << 10,

    /// <summary>Route 53 throttles, denies, loses requests and answers.</summary>
    Route53 = 1 << 11,

    /// <summary>The API server refuses reads and status writes, and loses answers.</summary>
    ApiServer = 1 << 12,

    /// <summary>The operator is killed and started again.</summary>
    Restarts = 1 << 13,

    /// <summary>Set, records and migration are applied in the same moment.</summary>
    AllAtOnce = 1 << 14,

    /// <summary>Somebody promotes a step before its hold is over, or with a token that is not that of the pause.</summary>
    Promotions = 1 << 15,

    All = (1 << 16) - 1,
}
