using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>One bad sample is no failure where the spec allows for some: until then the gate is Unknown, which holds and never rolls back.</summary>
public static class FailureThreshold
{
    /// <summary>The result with failures in a row counted on from the last one.</summary>
    public static GateStatus Apply(GateStatus result, GateStatus? previous, int? threshold)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Result != GateVerdict.Failing)
        {
            return result;
        }

        // Not counted beyond the threshold: a figure that rises with each evaluation would be written with each.
        var allowed = threshold ?? 1;
        var failures = Math.Min((previous?.Failures ?? 0) + 1, allowed);
        return failures >= allowed
            ? result with { Failures = failures }
            : result with
            {
                Failures = failures,
                Result = GateVerdict.Unknown,
                Message = string.Create(CultureInfo.InvariantCulture, $"{result.Message} ({failures} of {allowed} failures in a row)"),
            };
    }
}
