using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Windows;

/// <summary>How long something takes once it has begun, rather too long than too short: nothing begins that would not end before its window does. Pure.</summary>
internal static class Estimates
{
    // Route 53: "usually within 60 seconds"; https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
    private static readonly TimeSpan Propagation = TimeSpan.FromSeconds(60);

    // A reconfig waits for a majority's heartbeats, which are two seconds apart by default, and is looked at after ten at the latest.
    private static readonly TimeSpan Reconfig = TimeSpan.FromSeconds(10);

    // An election, two reconfigs before and two after.
    private const int HandOffReconfigs = 5;

    /// <summary>A traffic step: all records side by side, each by the steps of its own.</summary>
    public static TimeSpan Step(MigrationContext context, int percent)
    {
        var share = Math.Max(0, percent - (Targets.ServedPercent(context) ?? 0));
        return context.ExistingRecords.Select(r => Record(r.Spec, share)).DefaultIfEmpty(TimeSpan.Zero).Max();
    }

    /// <summary>From the first vote change until the votes are where the primary is.</summary>
    public static TimeSpan HandOff(MigrationContext context) =>
        (HandOffReconfigs * Reconfig) + (2 * (context.ReplicaSet?.Spec.Reconfiguration.StabilizationWindow.Value ?? TimeSpan.Zero));

    /// <summary>Members of the old region, one vote a reconfig.</summary>
    public static TimeSpan Leaving(int members) => Math.Max(1, members) * Reconfig;

    private static TimeSpan Record(WeightedDnsRecordSpec spec, decimal share)
    {
        var batch = Propagation + TimeSpan.FromSeconds(spec.Ttl);
        if (spec.Shift is not { MaxStepPercent: > 0 } shift)
        {
            return batch;
        }

        var batches = Math.Max(1, (int)Math.Ceiling(share / shift.MaxStepPercent));
        return (batches * batch) + ((batches - 1) * shift.Interval.Value);
    }
}
