namespace Modestano.Testbed.MigrationBench;

/// <summary>What anybody can see of a migration from outside, in the order in which it comes.</summary>
public enum Milestone
{
    /// <summary>The configuration has every member of the new region.</summary>
    Added,

    /// <summary>Each of them is SECONDARY.</summary>
    Synced,

    /// <summary>Two of them vote: the third gets its vote with the hand-off.</summary>
    Voting,

    /// <summary>Half of the traffic is in the new region, and every name server says so.</summary>
    HalfShifted,

    /// <summary>A member of the new region takes writes.</summary>
    Moved,

    /// <summary>The majority of votes is in the new region, under a configuration that the new primary made.</summary>
    Settled,

    /// <summary>All traffic is in the new region, and every name server says so.</summary>
    Shifted,
}
