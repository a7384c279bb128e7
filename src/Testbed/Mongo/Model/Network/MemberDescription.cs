namespace Modestano.Testbed.Mongo.Model;

/// <summary>What one member holds, as it knows it itself.</summary>
/// <param name="Host">host:port.</param>
/// <param name="IsRunning">Its process runs (it may be paused).</param>
/// <param name="IsPaused">It is stopped by SIGSTOP.</param>
/// <param name="State">Member state as <c>replSetGetStatus</c> writes it, for example <c>PRIMARY</c>; <c>DOWN</c> when it does not run.</param>
/// <param name="IsWritablePrimary">It takes writes.</param>
/// <param name="Term">Election term that it knows; -1 before the first.</param>
/// <param name="ConfigVersion">Version of its config; -2 without one.</param>
/// <param name="ConfigTerm">Term of its config; -1 after a forced one.</param>
/// <param name="ConfigCommitted">It is primary and knows a majority to hold its config.</param>
/// <param name="CommitPoint">Newest operation that it knows to be majority-committed.</param>
/// <param name="LastApplied">Newest operation in its oplog.</param>
/// <param name="OplogStart">Oldest operation in its oplog.</param>
public sealed record MemberDescription(
    string Host,
    bool IsRunning,
    bool IsPaused,
    string State,
    bool IsWritablePrimary,
    long Term,
    int ConfigVersion,
    long ConfigTerm,
    bool ConfigCommitted,
    OpTime CommitPoint,
    OpTime LastApplied,
    OpTime OplogStart);
