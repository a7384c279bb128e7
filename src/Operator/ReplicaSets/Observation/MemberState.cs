namespace Modestano.Operator.ReplicaSets.Observation;

/// <summary>A member's state; names and numbers are those of <c>replSetGetStatus</c> (manual: Replica Set Member States).</summary>
public enum MemberState
{
    /// <summary>Not yet an active member.</summary>
    Startup = 0,

    /// <summary>Takes writes.</summary>
    Primary = 1,

    /// <summary>Replicates.</summary>
    Secondary = 2,

    /// <summary>Cannot serve reads: maintenance, or too stale to replicate.</summary>
    Recovering = 3,

    /// <summary>In its initial sync.</summary>
    Startup2 = 5,

    /// <summary>Its state is not known to the member that was asked.</summary>
    Unknown = 6,

    /// <summary>Votes, holds no data.</summary>
    Arbiter = 7,

    /// <summary>Does not answer the set.</summary>
    Down = 8,

    /// <summary>Undoes writes that no majority had.</summary>
    Rollback = 9,

    /// <summary>Was in the set once.</summary>
    Removed = 10,
}

/// <summary>MongoDB's words for states.</summary>
public static class MemberStateNames
{
    /// <summary>The state as MongoDB writes it: <c>PRIMARY</c>, <c>STARTUP2</c>.</summary>
    public static string MongoName(this MemberState state) => state switch
    {
        MemberState.Startup => "STARTUP",
        MemberState.Primary => "PRIMARY",
        MemberState.Secondary => "SECONDARY",
        MemberState.Recovering => "RECOVERING",
        MemberState.Startup2 => "STARTUP2",
        MemberState.Arbiter => "ARBITER",
        MemberState.Down => "DOWN",
        MemberState.Rollback => "ROLLBACK",
        MemberState.Removed => "REMOVED",
        _ => "UNKNOWN",
    };
}
