using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>The port to one replica set's members. The only place where the operator meets MongoDB.</summary>
public interface IReplicaSetGateway
{
    /// <summary>Asks every member in parallel, each with its own deadline. Never throws for a member's sake.</summary>
    /// <param name="target">Whose members, and how to log in.</param>
    /// <param name="hosts">The hosts to ask.</param>
    /// <param name="reach">Whether members that a configuration names besides are asked too.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    Task<IReadOnlyList<MemberReplies>> ObserveAsync(
        ReplicaSetTarget target,
        IReadOnlyCollection<string> hosts,
        ObservationReach reach,
        CancellationToken cancellationToken);

    /// <summary>Asks members who is connected to them. Never throws for a member's sake.</summary>
    /// <param name="target">Whose members, and how to log in.</param>
    /// <param name="hosts">The hosts to ask.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <returns>The applications by host; null for one that did not tell.</returns>
    Task<IReadOnlyDictionary<string, IReadOnlyList<ConnectedApplication>?>> ApplicationsAsync(
        ReplicaSetTarget target,
        IReadOnlyCollection<string> hosts,
        CancellationToken cancellationToken);

    /// <summary>Asks the primary how much data an initial sync would copy, uncompressed. Never throws for its sake.</summary>
    /// <param name="target">Whose members, and how to log in.</param>
    /// <param name="primary">The primary.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <returns>Bytes; null: it did not tell in time.</returns>
    Task<long?> DataSizeAsync(ReplicaSetTarget target, string primary, CancellationToken cancellationToken) => Task.FromResult<long?>(null);

    /// <summary>Asks the primary which roles the operator's user has. Never throws for its sake.</summary>
    /// <param name="target">Whose members, and how to log in.</param>
    /// <param name="primary">The primary.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    /// <returns>Their names; null: no login, or it did not tell in time.</returns>
    Task<IReadOnlyList<string>?> RolesAsync(ReplicaSetTarget target, string primary, CancellationToken cancellationToken);

    /// <summary>Takes one step. The answer tells what is known of it; whatever it tells, observe again.</summary>
    /// <param name="target">Whose members, and how to log in.</param>
    /// <param name="step">The step.</param>
    /// <param name="primary">The primary as observed: where steps run that name no member.</param>
    /// <param name="atMost">What is left until the effect's deadline; also the server's <c>maxTimeMS</c>.</param>
    /// <param name="cancellationToken">The effect scope's token.</param>
    Task<StepResult> ExecuteAsync(ReplicaSetTarget target, Step step, string? primary, TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Waits, after a step-down, until a member other than the old primary says that it takes writes.</summary>
    /// <param name="target">Whose members, and how to log in.</param>
    /// <param name="candidates">The members that may follow.</param>
    /// <param name="atMost">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The new primary's host; null where none was seen in time.</returns>
    Task<string?> AwaitPrimaryAsync(ReplicaSetTarget target, IReadOnlyCollection<string> candidates, TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Closes all clients of a set but one, which reports changes; null: all.</summary>
    void Rest(ObjectKey set, string? host);

    /// <summary>Closes everything of a set.</summary>
    void Forget(ObjectKey set);
}

/// <summary>Whom a pass asks.</summary>
public enum ObservationReach
{
    /// <summary>The named hosts, and the members that their configurations name besides.</summary>
    AllMembers,

    /// <summary>The named hosts only.</summary>
    NamedHosts,

    /// <summary>The named hosts only, and of them nothing but <c>replSetGetStatus</c>: one command each.</summary>
    StatusOnly,
}

/// <summary>A set's members and how to log in to them.</summary>
/// <param name="Set">The object, which is queued when the driver reports a change.</param>
/// <param name="Connection">How to log in.</param>
public sealed record ReplicaSetTarget(ObjectKey Set, ReplicaSetConnection Connection)
{
    /// <summary>The set's own name: whom a configuration of another name lists is not asked. Null: not known.</summary>
    public string? SetName { get; init; }
}

/// <summary>What is known of a step that was taken.</summary>
/// <param name="Outcome">What is known.</param>
/// <param name="Failure">The server's error; null where there was none.</param>
public sealed record StepResult(StepOutcome Outcome, MongoFailure? Failure)
{
    /// <summary>It is in force.</summary>
    public static StepResult Succeeded { get; } = new(StepOutcome.Succeeded, null);
}
