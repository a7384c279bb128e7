using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>
/// 5.0 and later refuse (103) the reconfig that makes a set of primary, electable secondary and arbiter of one whose data-bearing voters alone
/// are no voting majority: the secondary might be elected by the arbiter's vote without the latest majority writes (recorded on 5.0; manual:
/// rs.reconfigForPSASet, which 4.4.11 has too, and that refuses it likewise). It takes two: first the vote with priority 0, then the priority.
/// </summary>
internal static class PrimarySecondaryArbiter
{
    /// <summary>Whether the server refuses the reconfig from one to the other.</summary>
    public static bool IsRefused(ReplicaSetConfig now, ReplicaSetConfig then)
    {
        // Votes count as they are written, held back by the server or not.
        var before = now.Members.Where(m => m.Votes > 0).ToList();
        var voters = then.Members.Where(m => m.Votes > 0).ToList();
        return (before.Count / 2) + 1 > before.Count(v => !v.ArbiterOnly)
            && voters.Count == 3
            && voters.Count(v => v.ArbiterOnly) == 1
            && then.Members.Count(m => m.Priority > 0) > 1;
    }

    /// <summary>The configuration, or, where it would be refused, the one with the vote alone.</summary>
    public static ReplicaSetConfig FirstTheVote(PlanContext context, ReplicaSetConfig proposed) => IsRefused(context.Config, proposed)
        ? proposed with { Members = [.. proposed.Members.Select(m => m.Id == context.Primary.Id ? m : m with { Priority = 0 })] }
        : proposed;
}
