using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>The priority that each member has in the configuration that a step makes, hand-offs aside (R4).</summary>
internal static class Priorities
{
    /// <summary>The configuration with its priorities set.</summary>
    public static ReplicaSetConfig Set(PlanContext context, ReplicaSetConfig config) =>
        config with { Members = [.. config.Members.Select(m => m.ArbiterOnly ? m : m with { Priority = context.PrimaryMustMove ? UntilMoved(context, m) : AtHome(context, m) })] };

    private static double AtHome(PlanContext context, ConfigMember m)
    {
        if (m.Votes == 0)
        {
            return 0;
        }

        return context.Rest.Find(m.Host) is { } rest
            ? rest.IsRetained ? Unzeroed(context, m) : rest.VotingPriority
            : Math.Min(m.Priority, context.Rest.LowPriority);
    }

    /// <summary>Nothing rises above the primary, and the primary keeps what it has.</summary>
    private static double UntilMoved(PlanContext context, ConfigMember m)
    {
        var ceiling = context.Primary.Priority;
        if (m.Id == context.Primary.Id)
        {
            return m.Priority;
        }

        if (m.Votes == 0 || m.Hidden || m.SecondaryDelaySecs > 0 || !m.BuildIndexes)
        {
            return 0;
        }

        if (context.Rest.Find(m.Host) is not { IsRetained: false } rest)
        {
            return Math.Min(Unzeroed(context, m), ceiling);
        }

        if (rest.VotingPriority == 0)
        {
            return 0;
        }

        return rest.Region == context.Rest.PrimaryRegion || m.Priority == 0
            ? Math.Min(rest.VotingPriority, ceiling)
            : Math.Min(m.Priority, ceiling);
    }

    /// <summary>The member's own priority; where a hand-off took it away, the low one, as the former value is not kept.</summary>
    private static double Unzeroed(PlanContext context, ConfigMember m) =>
        m is { Priority: 0, Votes: 1, Hidden: false, SecondaryDelaySecs: 0, BuildIndexes: true } && context.History.ZeroedForHandOff(m.Host) ? context.Rest.LowPriority : m.Priority;
}
