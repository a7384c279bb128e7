namespace Modestano.Operator.ReplicaSets.Observation;

/// <summary>What a member is asked that a step which cannot be taken back relies on.</summary>
public enum Question
{
    /// <summary>Open transactions and index builds.</summary>
    OpenWork,

    /// <summary>The feature compatibility version.</summary>
    FeatureCompatibilityVersion,

    /// <summary>How far the oplog reaches back.</summary>
    OplogWindow,

    /// <summary>How much the oplog may hold.</summary>
    OplogSize,

    /// <summary>The default write concern, of a primary.</summary>
    DefaultWriteConcern,

    /// <summary>The server's release.</summary>
    Version,
}
