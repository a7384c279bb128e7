using Modestano.Operator.Dns.Records;
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

        var due = change.InSyncAt!.Value + AnswersLive(change, ttl) + policy.Interval;
        return now < due ? new Wait(DnsReasons.WaitingForInterval, "The next step follows after the interval", due) : null;
    }

    /// <summary>What keeps older answers alive; null: every resolver that honours the TTL has asked again.</summary>
    public static Wait? AnswersRunOut(ObservedChange? change, long ttl, DateTimeOffset now) => change switch
    {
        null => null,
        { State: not ChangeState.InSync } => new Wait(DnsReasons.ChangePending, "Route 53 has not brought the latest change to all its servers yet", null),
        { InSyncAt: { } at } when now < at + AnswersLive(change, ttl) => new Wait(DnsReasons.WaitingForTtl, "Resolvers may still answer with the former weights until the TTL has passed", at + AnswersLive(change, ttl)),
        _ => null,
    };

    /// <summary>
    /// Seconds after its INSYNC for which resolvers may hold an answer from before a batch: the longest TTL of what it replaces and of what it
    /// makes, as a lowered TTL reaches a resolver only with its next question; and what is left of the answers from before an earlier change.
    /// </summary>
    /// <param name="sets">The sets that the batch deletes and creates, marks not among them.</param>
    /// <param name="before">The latest change before it.</param>
    /// <param name="now">The moment.</param>
    public static long AnswerTtl(IEnumerable<RecordSet> sets, ObservedChange? before, DateTimeOffset now)
    {
        var left = before switch
        {
            null => 0,
            { InSyncAt: { } at } => (long)Math.Ceiling((at.AddSeconds(before.AnswerTtl) - now).TotalSeconds),
            _ => before.AnswerTtl,
        };
        return sets.Select(set => set.AnswerTtl).Append(left).Max();
    }

    private static TimeSpan AnswersLive(ObservedChange change, long ttl) => TimeSpan.FromSeconds(Math.Max(change.AnswerTtl, ttl));
}
