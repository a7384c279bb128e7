using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning.Admission;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>
/// Moves the primary: priorities that let only checked successors follow, then a step-down. A priority raised above the primary's first
/// would start a takeover that can lose its election; a step-down that fails refuses writes for its whole catch-up (both seen).
/// </summary>
internal sealed class HandOff(PlanContext context)
{
    private readonly Dictionary<string, Blocker?> _judged = [];
    private bool? _isPrepared;

    /// <summary>
    /// Whether the votes allow it: the wanted region holds half of them and its successors vote; or no more votes come there; or, at seven
    /// votes, none can come before the primary has given up its own.
    /// </summary>
    public bool VotesAllow(ReplicaSetConfig config)
    {
        var pending = context.Rest.Members.Any(r => r.Region == context.Rest.PrimaryRegion && r.Votes == 1 && config.Find(r.Host) is not { IsVoter: true });
        return !pending || (Candidates(config).Count() >= Needed(config) && (2 * context.HomeVotes(config) >= config.Voters.Count() || OnlyThePrimaryYields(config)));
    }

    private bool OnlyThePrimaryYields(ReplicaSetConfig config) =>
        config.Voters.Count() >= Topology.VoteAllocation.MaxVotes && config.Voters.All(m => m.Id == context.Primary.Id || context.Rest.Find(m.Host) is { Votes: 1 });

    /// <summary>Who may follow now, in a configuration.</summary>
    public IReadOnlyList<string> Successors(ReplicaSetConfig config) => [.. Candidates(config).Where(m => NotGood(m.Host) is null).Select(m => m.Host)];

    /// <summary>Why there is no hand-off in this configuration now; null: it can be done.</summary>
    public Blocker? NotNow(ReplicaSetConfig config)
    {
        if (Successors(config).Count < Needed(config))
        {
            var reasons = Candidates(config).Select(m => NotGood(m.Host)).OfType<Blocker>().ToList();
            return new Blocker(
                PlanReasons.NoSuccessor,
                $"the primary cannot move to {context.Rest.PrimaryRegion}: {Needed(config)} good successors are needed there; {(reasons.Count == 0 ? $"only {Candidates(config).Count()} votes" : string.Join("; ", reasons.Take(3).Select(r => r.Message)))}",
                Until: reasons.Select(r => r.Until).FirstOrDefault(u => u is not null));
        }

        return Majorities.Missing(context, config) ?? FeatureVersions.Changing(context.Observed) ?? OpenWork.Check(context) ?? Backoff();
    }

    /// <summary>Whether the configuration in force has the priorities of a hand-off, so that only the step-down is left.</summary>
    public bool IsPrepared(ReplicaSetConfig config)
    {
        var candidates = Candidates(config).ToList();
        return candidates.Any(m => m.Priority == context.Primary.Priority)
            && config.Voters.Where(m => m.Id != context.Primary.Id && !m.ArbiterOnly).All(m => m.Priority == 0 || (m.Priority == context.Primary.Priority && candidates.Contains(m)));
    }

    /// <summary>The configuration with the priorities of a hand-off: successors as high as the primary, every other secondary 0, votes kept.</summary>
    public ReplicaSetConfig Prepare(ReplicaSetConfig config)
    {
        var successors = Preferred(config);
        return config with
        {
            Members = [.. config.Members.Select(m => m.Id == context.Primary.Id || m.ArbiterOnly ? m : m with { Priority = successors.Contains(m.Host) ? context.Primary.Priority : 0 })],
        };
    }

    /// <summary>The step-down.</summary>
    public StepDown StepDown()
    {
        var successors = Successors(context.Config).Where(h => context.Config.Find(h)!.Priority > 0).ToList();
        return new StepDown
        {
            Summary = $"hand the primary over from {context.Primary.Host} to {context.Rest.PrimaryRegion} ({NameList.Of(successors)})",
            PrimaryHost = context.Primary.Host,
            Term = context.Observed.Term ?? context.Config.Term,
            ConfigVersion = context.Config.Version,
            CatchUpSecs = context.Policy.CatchUpSecs,
            StepDownSecs = Math.Max(context.Policy.StepDownSecs, context.Policy.CatchUpSecs + 1),
            Successors = successors,
        };
    }

    /// <summary>Of the successors, those that rank highest at rest: another one would lose the role again to a priority takeover.</summary>
    private IReadOnlyList<string> Preferred(ReplicaSetConfig config)
    {
        var successors = Successors(config);
        var highest = successors.Select(h => context.Rest.Find(h)!.VotingPriority).DefaultIfEmpty(0).Max();
        return [.. successors.Where(h => context.Rest.Find(h)!.VotingPriority == highest)];
    }

    // Two, so that the set is not without an electable member when one dies in the hand-off; one where there is no second, or where the
    // second can have its vote only when the primary has given up its own.
    private int Needed(ReplicaSetConfig config)
    {
        var moreCanVote = config.Voters.Count() < Topology.VoteAllocation.MaxVotes || config.Voters.Any(m => m.Id != context.Primary.Id && (context.Rest.Find(m.Host) is not { Votes: 1 } || context.MayLend(m)));
        return Math.Clamp(context.Rest.Members.Count(r => r.Region == context.Rest.PrimaryRegion && r.IsElectable && r.Host != context.Primary.Host && (moreCanVote || config.Find(r.Host) is { IsVoter: true })), 1, 2);
    }

    private IEnumerable<ConfigMember> Candidates(ReplicaSetConfig config) => config.Voters.Where(m =>
        m.Id != context.Primary.Id && context.Rest.Find(m.Host) is { IsElectable: true } r && r.Region == context.Rest.PrimaryRegion);

    private Blocker? NotGood(string host)
    {
        if (!_judged.TryGetValue(host, out var judgement))
        {
            _judged[host] = judgement = Judge(host);
        }

        return judgement;
    }

    private Blocker? Judge(string host)
    {
        var member = context.Observed.Member(host);
        _isPrepared ??= IsPrepared(context.Config);
        var prepared = context.Config.Find(host) is { IsVoter: true } && _isPrepared.Value;
        if (!context.IsClose(host))
        {
            return NewcomerReadiness.Check(context, host) ?? new Blocker(PlanReasons.NoSuccessor, $"{host} is not healthy");
        }

        // Once prepared, only what is bad now counts: a window that began anew must not undo the preparation.
        if (!prepared && NewcomerReadiness.Check(context, host) is { } notReady)
        {
            return notReady;
        }

        if (context.Policy.MinOplogWindow > TimeSpan.Zero && Unanswered.Missing(context.Observed, host, Question.OplogWindow) is { } unanswered)
        {
            return unanswered;
        }

        return context.Policy.MinOplogWindow > TimeSpan.Zero && !(member.OplogWindow >= context.Policy.MinOplogWindow)
            ? new Blocker(PlanReasons.NoSuccessor, $"the oplog of {host} reaches back less than {context.Policy.MinOplogWindow.TotalHours:0.##} h (reconfiguration.minOplogWindow)")
            : null;
    }

    private Blocker? Backoff()
    {
        var failed = context.History.Steps.Where(s => s.Step switch
        {
            StepDown down => down.PrimaryHost == context.Primary.Host,
            Reconfig { Purpose: ReconfigPurpose.AbandonHandOff } abandoned => abandoned.RunOn == context.Primary.Host,
            _ => false,
        }).ToList();
        if (failed.Count == 0)
        {
            return null;
        }

        var pause = TimeSpan.FromTicks(Math.Min(context.Policy.MaxHandOffBackoff.Ticks, context.Policy.HandOffBackoff.Ticks << Math.Min(10, failed.Count - 1)));
        var until = failed[^1].At + pause;
        return until > context.Observed.At
            ? new Blocker(PlanReasons.HandOffBackoff, $"a hand-off from {context.Primary.Host} did not happen: the next attempt follows after a pause", Until: until)
            : null;
    }
}
