using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>R3: what a member must have shown before it gets a vote, or becomes visible without one.</summary>
internal static class NewcomerReadiness
{
    /// <summary>Why it is not ready; null: it is.</summary>
    public static Blocker? Check(PlanContext context, string host)
    {
        var member = context.Observed.Member(host);
        var limit = context.Policy.MaxReplicationLag;
        if (!member.Reachable)
        {
            return new Blocker(PlanReasons.MemberUnreachable, $"{host} gets no vote yet: the operator does not reach it{(member.ConnectionError is { } error ? $" ({error})" : "")}");
        }

        if (member.TooStale)
        {
            return new Blocker(PlanReasons.MemberNotReady, $"{host} fell off the oplog of every member and needs a new initial sync: empty its data directory and restart it", NeedsPerson: true);
        }

        if (member.State is MemberState.Startup or MemberState.Startup2)
        {
            return new Blocker(PlanReasons.InitialSync, $"{host} copies the data{(member.InitialSync?.LastFailure is { } failure ? $"; its last attempt failed: {failure}" : "")}");
        }

        if (member.Healthy != true || member.State != MemberState.Secondary)
        {
            return new Blocker(PlanReasons.MemberNotReady, $"{host} is {(member.Healthy == false ? "not healthy in the primary's eyes" : member.State.MongoName())}{(string.IsNullOrEmpty(member.Message) ? "" : $": {member.Message}")}");
        }

        if (member.Lag is not { } lag || lag > limit + Delay(context, host))
        {
            return new Blocker(PlanReasons.MemberNotReady, $"{host} is further behind the primary than {limit.TotalSeconds:0.###} s");
        }

        var voters = context.Config.Voters.Where(v => v.Host != host && context.Observed.Member(v.Host).Healthy == true).ToList();
        if (voters.FirstOrDefault(v => !member.SeenHealthyBy.Contains(v.Host)) is { } blind)
        {
            return new Blocker(PlanReasons.MemberNotReady, $"the voter {blind.Host} does not see {host} healthy: check the network from {blind.Host} to it");
        }

        if (voters.FirstOrDefault(v => !context.Observed.Member(v.Host).SeenHealthyBy.Contains(host)) is { } unseen)
        {
            return new Blocker(PlanReasons.MemberNotReady, $"{host} does not see the voter {unseen.Host} healthy: check the network from {host} to it");
        }

        if (context.Observed.Member(context.Primary.Host).FeatureCompatibilityVersion is { } ours && member.FeatureCompatibilityVersion is { } theirs && ours != theirs)
        {
            return new Blocker(PlanReasons.MemberNotReady, $"{host} has feature compatibility version {theirs}, the primary {ours}: it is not caught up with that change yet");
        }

        return context.IsSteady(host)
            ? null
            : new Blocker(
                PlanReasons.Stabilizing,
                $"{host} must stay healthy and close for {context.Policy.StabilizationWindow.TotalSeconds:0.###} s before it counts",
                Until: (member.SteadySince ?? context.Observed.At) + context.Policy.StabilizationWindow);
    }

    private static TimeSpan Delay(PlanContext context, string host) => TimeSpan.FromSeconds(context.Config.Find(host)?.SecondaryDelaySecs ?? 0);
}

/// <summary>Work on the servers that a change of votes or of the primary would disturb.</summary>
internal static class OpenWork
{
    /// <summary>What runs; null: nothing. What is not known does not count: not every login may ask.</summary>
    public static Blocker? Check(PlanContext context)
    {
        var limit = context.Policy.MaxTransactionAge;
        var members = context.Config.Members.Where(m => !m.ArbiterOnly).Select(m => context.Observed.Member(m.Host)).ToList();
        if (members.FirstOrDefault(m => m.OldestTransactionAge > limit) is { } old)
        {
            return new Blocker(PlanReasons.LongTransaction, $"a transaction older than {limit.TotalSeconds:0.###} s is open on {old.Host}: the next change of votes or primary waits for it");
        }

        return members.FirstOrDefault(m => m.IndexBuilds > 0) is { } building
            ? new Blocker(PlanReasons.LongTransaction, $"an index is built on {building.Host}: the next change of votes or primary waits for it")
            : null;
    }
}
