using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Decision;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>An approval is for one plan, is used once, and is void as soon as reality leaves the plan. Pure.</summary>
internal static class Approvals
{
    public const string Running = "Running";

    public const string Completed = "Completed";

    public const string Void = "Void";

    /// <summary>
    /// Stands for the generation in the plan's hash. To approve is an edit of the spec itself, which must not change what was approved;
    /// so this changes with every field but <c>approvedPlanHash</c>.
    /// </summary>
    public static long SpecRevision(MongoReplicaSetSpec spec)
    {
        var approvable = spec with { Reconfiguration = spec.Reconfiguration with { ApprovedPlanHash = null } };
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(approvable));
        return BinaryPrimitives.ReadInt64BigEndian(hash) & long.MaxValue;
    }

    /// <summary>What becomes of the approval.</summary>
    /// <param name="approvedHash"><c>spec.reconfiguration.approvedPlanHash</c>.</param>
    /// <param name="current">The approval in status.</param>
    /// <param name="preview">The plan as it is now.</param>
    /// <param name="now">Now.</param>
    public static ApprovedPlan? Fold(string? approvedHash, ApprovedPlan? current, PlanPreview preview, DateTimeOffset now)
    {
        var steps = preview.Effects;
        if (current is not { State: Running })
        {
            return approvedHash is { Length: > 0 } && approvedHash == preview.Hash && current?.Hash != approvedHash
                ? new ApprovedPlan { Hash = approvedHash, Time = now.UtcDateTime, State = Running, RemainingSteps = steps }
                : current;
        }

        if (steps.Count == 0)
        {
            return current with { State = Completed, RemainingSteps = null };
        }

        var remaining = current.RemainingSteps ?? [];
        var follows = steps.Count <= remaining.Count && remaining.Skip(remaining.Count - steps.Count).SequenceEqual(steps, StringComparer.Ordinal);
        return !follows ? current with { State = Void, RemainingSteps = null }
            : steps.Count == remaining.Count ? current
            : current with { RemainingSteps = steps };
    }

    /// <summary>An approved plan goes by the hash that was approved until it ends: there is nothing to approve in it meanwhile, the hash of an earlier one least of all.</summary>
    public static PlanPreview Named(PlanPreview preview, ApprovedPlan? approved) =>
        approved is { State: Running } && preview.Hash.Length > 0 ? preview with { Hash = approved.Hash } : preview;
}
