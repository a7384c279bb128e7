using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Admission;

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

        if (MemberAdmission.OtherSet(context, host) is { } foreign)
        {
            return foreign;
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
            return new Blocker(PlanReasons.MemberNotReady, $"{host} is {Buckets.Lag(member.Lag) ?? "an unknown time"} behind the primary, more than {limit.TotalSeconds:0.###} s (reconfiguration.maxReplicationLag)");
        }

        if (member.OwnStatus is OwnStatus.LoginRequired or OwnStatus.Unauthorized)
        {
            return new Blocker(PlanReasons.MemberNotReady, $"{host} gets no vote yet: it follows the primary and does not let the operator look{(member.ConnectionError is { } refused ? $" ({refused})" : "")}");
        }

        var mayBePrimary = context.Rest.Find(host) is { VotingPriority: > 0, IsRetained: false } rest && rest.Region == context.Rest.PrimaryRegion;
        if (BeforeVote.Of(context.Observed, context.Policy, host, mayBePrimary).Select(f => f.Blocker).FirstOrDefault(b => b is not null) is { } failed)
        {
            return failed;
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
