using Modestano.Operator.Dns.Weights;

namespace Modestano.Operator.Dns.Planning.Rules;

/// <summary>D2: at most so much of the traffic a step; the next one waits for INSYNC, the TTL, and the interval.</summary>
public static class StepRule
{
    /// <summary>The weights of the next step; null: whole weights beside those of others allow no step that small.</summary>
    public static IReadOnlyDictionary<string, int>? Next(
        IReadOnlyDictionary<string, int> served, IReadOnlyDictionary<string, int> wanted, IReadOnlyDictionary<string, int> others, ShiftPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return policy.Immediate || policy.MaxStepPercent is not { } percent ? wanted : WeightPath.Next(served, wanted, others, percent);
    }

    /// <summary>What the next step waits for; null: nothing.</summary>
    public static Wait? NotYet(ObservedChange? change, long ttl, ShiftPolicy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (change is null || policy.Immediate || policy.MaxStepPercent is null)
        {
            return null;
        }

        if (AnswersRunOut(change, ttl, now) is { } wait)
        {
            return wait;
        }

        var due = change.InSyncAt!.Value + TimeSpan.FromSeconds(ttl) + policy.Interval;
        return now < due ? new Wait(DnsReasons.WaitingForInterval, "The next step follows after the interval", due) : null;
    }

    /// <summary>What keeps older answers alive; null: every resolver that honours the TTL has asked again.</summary>
    public static Wait? AnswersRunOut(ObservedChange? change, long ttl, DateTimeOffset now) => change switch
    {
        null => null,
        { State: not ChangeState.InSync } => new Wait(DnsReasons.ChangePending, "Route 53 has not brought the latest change to all its servers yet", null),
        { InSyncAt: { } at } when now < at + TimeSpan.FromSeconds(ttl) => new Wait(DnsReasons.WaitingForTtl, "Resolvers may still answer with the former weights until the TTL has passed", at + TimeSpan.FromSeconds(ttl)),
        _ => null,
    };
}
