namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// What not every release does. <c>docs/mongodb-releases.md</c> has a row for each: since when, how it is known, what the operator does about it
/// and which test shows it; a test holds the two to each other.
/// </summary>
internal enum Trait
{
    /// <summary>There is a command <c>hello</c>, and <c>helloOk</c> is understood.</summary>
    Hello,

    /// <summary>A member's delay is called <c>secondaryDelaySecs</c>, and no longer <c>slaveDelay</c>.</summary>
    SecondaryDelaySecs,

    /// <summary>A voter that joins is <c>newlyAdded</c> until it is a secondary.</summary>
    NewlyAdded,

    /// <summary>A new member finds itself in a config without connecting to every host of it.</summary>
    QuickSelfSearch,

    /// <summary>A quorum check ends soon after a majority has answered.</summary>
    QuickQuorumCheck,

    /// <summary>Majority is the default write concern, unless arbiters leave too few writers.</summary>
    ImplicitMajority,

    /// <summary><c>getDefaultRWConcern</c> tells the read concern and where both come from.</summary>
    DefaultConcernSources,

    /// <summary>A default write concern that was set cannot be unset.</summary>
    DefaultWriteConcernStays,

    /// <summary><c>settings.getLastErrorDefaults</c> may not be changed from its default.</summary>
    NoLastErrorDefaults,

    /// <summary>A set of primary, secondary and arbiter takes the secondary's vote and priority in two reconfigs.</summary>
    TwoStepPsa,

    /// <summary>The refusal of <see cref="TwoStepPsa"/> names a page of the manual.</summary>
    PsaRefusalNamesPage,

    /// <summary>No more than one arbiter.</summary>
    OneArbiter,

    /// <summary><c>replSetGetStatus</c> tells wall-clock times of each member.</summary>
    MemberWallTimes,

    /// <summary>A sync source is left for one that is nearer.</summary>
    NearerSyncSource,

    /// <summary><c>setFeatureCompatibilityVersion</c> wants <c>confirm: true</c>.</summary>
    ConfirmedFeatureCompatibility,
}
