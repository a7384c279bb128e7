using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>What an error of a command says about whether the step is in force.</summary>
public static class StepOutcomes
{
    /// <summary>After a <c>replSetReconfig</c>: 50 is installed and only not yet held by a majority; a lost answer tells nothing; the rest was refused.</summary>
    public static StepOutcome OfReconfig(MongoFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.Code == MongoErrorCodes.MaxTimeMsExpired ? StepOutcome.Succeeded : Of(failure);
    }

    /// <summary>Whether a reconfig is installed and was on no majority when the answer came.</summary>
    public static bool AwaitsMajority(StepResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result is { Outcome: StepOutcome.Succeeded, Failure.Code: MongoErrorCodes.MaxTimeMsExpired };
    }

    /// <summary>After any other command.</summary>
    public static StepOutcome Of(MongoFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure switch
        {
            { Kind: MongoFailureKind.TimedOut or MongoFailureKind.Unreachable } => StepOutcome.Unknown,

            // Interrupted while it ran: by an election, a shutdown, an operator, or its own time limit.
            { Code: 11602 or 11600 or 11601 or 91 or 189 or MongoErrorCodes.MaxTimeMsExpired } => StepOutcome.Unknown,
            _ => StepOutcome.Refused,
        };
    }

    /// <summary>What the planner makes of a refusal; null: nothing was sent, or the failure is no refusal.</summary>
    public static StepRefusal? RefusalOf(StepResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result is { Outcome: StepOutcome.Refused, Failure: { Code: not 0 } failure } ? new StepRefusal(KindOf(failure), Redaction.Steady(failure.ToString())) : null;
    }

    private static RefusalKind KindOf(MongoFailure failure) => failure.Code switch
    {
        MongoErrorCodes.ConfigurationInProgress => RefusalKind.ReconfigRunning,
        MongoErrorCodes.CurrentConfigNotCommittedYet => RefusalKind.NotCommitted,
        MongoErrorCodes.NodeNotFound => RefusalKind.NoQuorum,
        MongoErrorCodes.NodeNotElectable => RefusalKind.NotElectable,
        MongoErrorCodes.Unauthorized => RefusalKind.NotAuthorized,
        MongoErrorCodes.NewReplicaSetConfigurationIncompatible when failure.Message.Contains("implicit default write concern", StringComparison.Ordinal) => RefusalKind.ImplicitWriteConcern,
        MongoErrorCodes.NewReplicaSetConfigurationIncompatible or MongoErrorCodes.InvalidReplicaSetConfig => RefusalKind.Incompatible,
        _ when MongoErrorCodes.MeansNotPrimary(failure.Code) => RefusalKind.NotPrimary,
        _ => RefusalKind.Other,
    };
}
