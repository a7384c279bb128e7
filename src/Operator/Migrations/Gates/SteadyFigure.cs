using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>
/// A figure that changes with each evaluation would change status with each: while the result stays the same, the figure that was told is
/// told on for a while.
/// </summary>
internal static class SteadyFigure
{
    /// <summary>How long a figure stands.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>The result with the figure to tell.</summary>
    public static GateStatus Apply(GateStatus now, GateStatus? before, DateTimeOffset at) =>
        before is { Time: { } told } && before.Value is not null && now.Value is not null
        && before.Result == now.Result && before.Limit == now.Limit && before.Failures == now.Failures
        && at.UtcDateTime - told < Interval
            ? now with { Value = before.Value, Message = before.Message, Time = told }
            : now;
}
