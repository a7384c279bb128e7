using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>
/// The place in steps that may be edited meanwhile. What counts is the share that was asked for: steps at or below it are done, so an edit
/// never takes traffic back.
/// </summary>
internal static class Steps
{
    /// <summary>The place in the steps as they are now.</summary>
    public static MigrationStep? Placed(MigrationStep? step, IReadOnlyList<TrafficStep> steps) => step is null || IsInPlace(step, steps)
        ? step
        : step with { Index = LastAtOrBelow(step.Percent, steps) };

    /// <summary>The last step that is done at a share; -1: none.</summary>
    public static int LastAtOrBelow(decimal percent, IReadOnlyList<TrafficStep> steps)
    {
        var index = steps.Count - 1;
        while (index >= 0 && steps[index].Percent > percent)
        {
            index--;
        }

        return index;
    }

    // Before the first step the share is 0, and a first step of 0 per cent is still to come.
    private static bool IsInPlace(MigrationStep step, IReadOnlyList<TrafficStep> steps) =>
        step.Index < 0 ? step.Percent == 0 : step.Index < steps.Count && steps[step.Index].Percent == step.Percent;
}
