using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>
/// Unknown is not yes: a step that cannot be taken back waits for every answer that it relies on, and the wait names the question. A member
/// that is dead in the primary's eyes owes no answer, or an evacuation would wait for ever; nor does a voter that is not to stay one.
/// </summary>
internal static class Unanswered
{
    /// <summary>The decision, or what it waits for.</summary>
    public static PlanDecision Guard(PlanDecision decision, PlanContext context) =>
        decision is PlanDecision.Act { Step: var step } && ReliesOn(step, context).Select(q => Missing(context.Observed, q.Host, q.Question)).FirstOrDefault(b => b is not null) is { } missing
            ? missing.ToDecision()
            : decision;

    /// <summary>Why an answer of a member is not there; null: it is, or the member owes none.</summary>
    public static Blocker? Missing(ObservedReplicaSet observed, string host, Question question)
    {
        var member = observed.Member(host);
        return member.Healthy != false && member.Unanswered.TryGetValue(question, out var why)
            ? new Blocker(PlanReasons.QuestionUnanswered, $"{Words(question)} of {host} is not known, and the next step relies on it: {why}. It is asked again with each pass; let the operator reach {host}, and give its user the role clusterMonitor and read on local")
            : null;
    }

    private static IEnumerable<(string Host, Question Question)> ReliesOn(Step step, PlanContext context) => step switch
    {
        StepDown stepDown =>
        [
            (context.Primary.Host, Question.OpenWork),
            .. stepDown.Successors.Select(h => (h, Question.OpenWork)),
            .. context.Policy.MinOplogWindow > TimeSpan.Zero ? stepDown.Successors.Select(h => (h, Question.OplogWindow)) : [],
        ],
        SetDefaultWriteConcern => Concern(context),
        Reconfig { Force: false } reconfig => OfReconfig(reconfig, context),
        _ => [],
    };

    private static IEnumerable<(string Host, Question Question)> OfReconfig(Reconfig step, PlanContext context)
    {
        var (now, then) = (context.Config, ConfigChanges.Apply(context.Config, step));
        var gains = then.Voters.Where(m => !m.ArbiterOnly && now.Find(m.Host) is { IsVoter: false }).Select(m => m.Host).ToList();
        var losses = now.Voters.Any(m => then.Find(m.Host) is not { IsVoter: true } && context.Observed.Member(m.Host).Healthy != false);
        if (gains.Count > 0 || losses || step.Purpose == ReconfigPurpose.PrepareHandOff)
        {
            foreach (var host in Lasting(context, now, then))
            {
                yield return (host, Question.OpenWork);
            }
        }

        foreach (var host in gains)
        {
            yield return (host, Question.FeatureCompatibilityVersion);
            yield return (context.Primary.Host, Question.FeatureCompatibilityVersion);
            if (context.Policy.MinOplogWindow > TimeSpan.Zero && context.Rest.Find(host) is { VotingPriority: > 0 } rest && rest.Region == context.Rest.PrimaryRegion)
            {
                yield return (host, Question.OplogSize);
            }
        }

        if (ImplicitDefault.Of(now) != ImplicitDefault.Of(then))
        {
            foreach (var question in Concern(context))
            {
                yield return question;
            }
        }
    }

    private static IEnumerable<(string Host, Question Question)> Concern(PlanContext context) =>
        [(context.Primary.Host, Question.DefaultWriteConcern), (context.Primary.Host, Question.Version)];

    /// <summary>The primary, and the voters of before that vote afterwards and at rest.</summary>
    private static IEnumerable<string> Lasting(PlanContext context, ReplicaSetConfig now, ReplicaSetConfig then) => now.Voters
        .Where(m => m.Id == context.Primary.Id || (!m.ArbiterOnly && then.Find(m.Host) is { IsVoter: true } && context.Rest.Find(m.Host) is { Votes: 1 }))
        .Select(m => m.Host);

    private static string Words(Question question) => question switch
    {
        Question.OpenWork => "Whether transactions or index builds run ($currentOp)",
        Question.FeatureCompatibilityVersion => "The feature compatibility version",
        Question.OplogWindow => "How far the oplog reaches back",
        Question.OplogSize => "How much the oplog may hold (collStats)",
        Question.DefaultWriteConcern => "The default write concern (getDefaultRWConcern)",
        _ => "The release (buildInfo)",
    };
}
