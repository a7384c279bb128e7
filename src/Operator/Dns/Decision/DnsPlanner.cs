using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Planning.Rules;
using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Weights;

namespace Modestano.Operator.Dns.Decision;

/// <summary>Decides the next change batch of one group of weighted record sets. Pure: the same input gives the same answer.</summary>
public static class DnsPlanner
{
    /// <summary>What to do next, and where the group stands.</summary>
    /// <param name="input">What it is made of.</param>
    public static DnsPlan Next(DnsPlanInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var plan = (input.Past.MayNotConfirm ? ReadAsConfirmed(input) : null) ?? Plan(input);
        return plan with { Decision = PastStepsRule.Apply(plan.Decision, input.Past, input.Now) };
    }

    /// <summary>The plan where reading is enough for a change that may not be written once more; null: it is not.</summary>
    private static DnsPlan? ReadAsConfirmed(DnsPlanInput input) =>
        ConfirmationRule.ByReading(input.Observed.Change, input.Now) is { } confirmed
        && Plan(input with { Observed = input.Observed with { Change = confirmed } }) is { Decision: Settled or Wait { Reason: DnsReasons.WaitingForTtl } } enough
            ? enough with { IsConfirmedByReading = true }
            : null;

    private static DnsPlan Plan(DnsPlanInput input)
    {
        var (observed, policy, now) = (input.Observed, input.Policy, input.Now);
        var situation = Situation.Of(observed, input.Desired);
        var goal = Batch(situation, situation.Wanted);
        var inFlight = observed.Change is { State: not ChangeState.InSync };
        var reached = situation.Refused is null && goal.Count == 0 && !inFlight && StepRule.AnswersRunOut(observed.Change, situation.Desired.AnswerTtl, now) is null;
        return new DnsPlan(Decide(situation, goal, policy, now), situation.ServedByAll, situation.Wanted, reached, inFlight);
    }

    private static DnsDecision Decide(Situation s, IReadOnlyList<RecordChange> goal, ShiftPolicy policy, DateTimeOffset now)
    {
        if (policy.ObserveOnly)
        {
            return s.Refused is null && goal.Count == 0
                ? new Settled()
                : new Wait(DnsReasons.Observing, s.Refused?.Message ?? "The record differs from the spec, and spec.mode is Observe: nothing is changed", null);
        }

        if (s.Refused is not null)
        {
            return s.Refused;
        }

        var unconfirmed = s.Observed.Change is { State: ChangeState.Unconfirmed };
        if (policy.Held is { } why && !(unconfirmed && policy.MayFinish))
        {
            return new Wait(DnsReasons.Held, why, null);
        }

        if (unconfirmed && (policy.Held is not null || !policy.Immediate || goal.Count == 0))
        {
            return Confirm(s, now);
        }

        if (goal.Count == 0)
        {
            return StepRule.AnswersRunOut(s.Observed.Change, s.Desired.AnswerTtl, now) is { } wait ? wait : new Settled();
        }

        if (s.Observed.Change is { State: ChangeState.Pending } && !policy.Immediate)
        {
            return StepRule.AnswersRunOut(s.Observed.Change, s.Desired.AnswerTtl, now)!;
        }

        return s.Current.Count == 0 && s.Others.Count == 0 && s.Simple is null ? Checked(s, Batch(s, s.Wanted), StepKinds.Create, s.Wanted, false, policy, now) : Shift(s, policy, now);
    }

    private static DnsDecision Shift(Situation s, ShiftPolicy policy, DateTimeOffset now)
    {
        var others = s.OthersWeights;
        DnsDecision? wait = null;
        var next = s.Served;
        // A simple record is converted without moving traffic; the shift follows as any other.
        if (s.Simple is null && !SameWeights(s.Served, s.Wanted))
        {
            wait = StepRule.NotYet(s.Observed.Change, s.Desired.AnswerTtl, policy, now);
            var wanted = policy.Immediate ? WayBackRule.ToTheFit(s.Served, s.Wanted, others, s.Observed.Health) : s.Wanted;
            var step = StepRule.Next(s.Served, wanted, others, policy);
            // All that the fit ones can take they have: what is left to wait for is told of the wish itself.
            step = step is not null && SameWeights(s.Served, step) ? s.Wanted : step;
            if (wait is null && step is null)
            {
                return new Stalled(DnsReasons.StepTooSmall, "Beside the small weights of sets that are not ours no whole weights make a step this small: raise spec.shift.maxStepPercent, or raise the others' weights in proportion");
            }

            wait ??= SomeoneServesRule.Broken(WeightPath.WithFixed(step!, others), s.Observed.Health, policy.Migration) is { } broken ? new Wait(DnsReasons.NobodyWouldServe, broken, null) : null;
            wait ??= GateRule.NotYet(GateRule.Rising(s.Served, step!, others), s.Observed.Health, policy, now);
            next = wait is null ? step! : s.Served;
        }

        // What is no matter of weights (a new value, a TTL, a mark, a set to come at weight 0) need not wait for the weights. Under a migration
        // what answers is: it goes with the step, behind the same permission.
        var changes = Batch(s, next, keepAnswers: policy.Steered && wait is not null);
        if (changes.Count == 0)
        {
            return wait ?? new Settled();
        }

        var rises = GateRule.Rising(s.Served, next, others).Count > 0;
        var kind = s.Simple is not null ? StepKinds.Convert : SameWeights(s.Served, next) ? StepKinds.Update : StepKinds.Shift;
        return Checked(s, changes, kind, next, rises, policy, now);
    }

    private static DnsDecision Checked(Situation s, IReadOnlyList<RecordChange> changes, string kind, IReadOnlyDictionary<string, int> next, bool rises, ShiftPolicy policy, DateTimeOffset now)
    {
        if (SomeoneServesRule.Broken(WeightPath.WithFixed(next, s.OthersWeights), kind is StepKinds.Shift or StepKinds.Create ? s.Observed.Health : NoHealth, policy.Migration) is { } broken)
        {
            return new Wait(DnsReasons.NobodyWouldServe, broken, null);
        }

        if (DeletedCheck(s, changes) is { } deleted)
        {
            return deleted;
        }

        return CompareAndSwap.TooLarge(changes) is { } large ? new Stalled(DnsReasons.BatchTooLarge, large) : Due(s, kind, changes, Sentence(s, kind, next), rises, now);
    }

    /// <summary>Route 53 refuses every batch that writes a set with a health check that does not exist.</summary>
    private static Stalled? DeletedCheck(Situation s, IReadOnlyList<RecordChange> changes) =>
        changes.Where(change => change.IsCreate && change.Set.HealthCheckId is not null).Select(change => change.Set.SetIdentifier!)
            .Where(id => s.Observed.Health.TryGetValue(id, out var health) && health == EndpointHealth.Deleted).ToList() is { Count: > 0 } ids
            ? new Stalled(DnsReasons.HealthCheckDeleted, GateRule.Deleted(ids))
            : null;

    private static Step Confirm(Situation s, DateTimeOffset now)
    {
        IReadOnlyList<RecordSet> sets = [.. s.Current.Values, .. s.CurrentMarks.Values];
        return sets.Count == 0
            ? Due(s, StepKinds.Create, Batch(s, s.Wanted), Sentence(s, StepKinds.Create, s.Wanted), false, now)
            : Due(s, StepKinds.Confirm, CompareAndSwap.Again(sets), $"Wrote the record sets of {s.People} as they are once more, because the outcome of the latest change was not known", false, now);
    }

    private static Step Due(Situation s, string kind, IReadOnlyList<RecordChange> changes, string summary, bool rises, DateTimeOffset now)
    {
        var answers = changes.Select(change => change.Set).Where(set => set.Name == s.Desired.Name && set.Type == s.Desired.Type);
        return new Step(kind, changes, summary, rises, StepRule.AnswerTtl(answers, s.Observed.Change, now));
    }

    private static IReadOnlyList<RecordChange> Batch(Situation s, IReadOnlyDictionary<string, int> weights, bool keepAnswers = false)
    {
        var sets = new List<RecordSet>();
        var marks = new List<RecordSet>();
        foreach (var (id, weight) in weights)
        {
            var wanted = s.Desired.Sets.FirstOrDefault(set => set.SetIdentifier == id);
            if (FenceRule.IsAbsent(weight, wanted?.Weight, s.Current.ContainsKey(id), s.Desired.Fence))
            {
                continue;
            }

            var answer = wanted is null || (keepAnswers && s.Current.TryGetValue(id, out var serving) && serving.Weight > 0) ? s.Current[id] : wanted;
            sets.Add(answer with { Weight = weight, Ttl = answer.Alias is null ? s.Desired.Ttl : null });
            marks.Add(OwnershipRule.MarkOf(id, s.CurrentMarks.GetValueOrDefault(id), s.Observed, s.Desired));
        }

        IReadOnlyList<RecordSet> read = [.. s.Current.Values, .. s.Simple is { } simple ? [simple] : Array.Empty<RecordSet>(), .. s.CurrentMarks.Values];
        return CompareAndSwap.Changes(read, [.. sets, .. marks], set => set.Name == s.Desired.Name && set.Type == s.Desired.Type);
    }

    private static string Sentence(Situation s, string kind, IReadOnlyDictionary<string, int> next) => kind switch
    {
        StepKinds.Create => $"Created {s.People} with weights {Words(next)}",
        StepKinds.Convert => $"Made the simple record {s.People} a weighted one with weights {Words(next)}",
        StepKinds.Shift => $"Shifted {s.People} from {Words(s.Served)} to {Words(next)}",
        _ => $"Updated {s.People} at weights {Words(next)}",
    };

    /// <summary>Weights for people: <c>eu-west-1:255 eu-west-2:0</c>.</summary>
    public static string Words(IReadOnlyDictionary<string, int> weights) =>
        string.Join(' ', (weights ?? throw new ArgumentNullException(nameof(weights))).OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => $"{w.Key}:{w.Value}"));

    private static bool SameWeights(IReadOnlyDictionary<string, int> one, IReadOnlyDictionary<string, int> other) =>
        one.Count == other.Count && one.All(w => other.TryGetValue(w.Key, out var weight) && weight == w.Value);

    private static readonly IReadOnlyDictionary<string, EndpointHealth> NoHealth = new Dictionary<string, EndpointHealth>();
}
