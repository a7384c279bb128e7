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
}
