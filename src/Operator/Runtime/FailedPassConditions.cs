using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Runtime;

/// <summary>The conditions of an object whose passes fail: nothing that was seen before is claimed any longer. Pure.</summary>
internal static class FailedPassConditions
{
    /// <summary>What follows a figure in status that is not known to be true any more.</summary>
    public const string Mark = " (stale)";

    /// <summary>The conditions.</summary>
    /// <param name="before">Those in status; null: none yet.</param>
    /// <param name="ofTheWorld">Types that tell of what was seen, not of what was asked for.</param>
    /// <param name="generation">The object's generation.</param>
    /// <param name="failure">What stops the passes.</param>
    /// <param name="now">Now.</param>
    public static IReadOnlyList<Condition> Of(
        IReadOnlyList<Condition>? before, IReadOnlyCollection<string> ofTheWorld, long? generation, PassFailure failure, DateTimeOffset now)
    {
        var told = before?.FirstOrDefault(c => c is { Type: ConditionTypes.Stale, Status: "True" });
        var ready = before?.FirstOrDefault(c => c.Type == ConditionTypes.Ready);
        // Request numbers and times in a server's words are no news.
        var message = told is not null && ready?.Reason == failure.Reason && PassFailure.AreAlike(ready.Message, Cut(failure.Message)) ? ready.Message : failure.Message;
        var list = new ConditionList(before, generation, now)
            .SetUnknown(ConditionTypes.Ready, failure.Reason, message)
            .Set(ConditionTypes.Reconciling, !failure.NeedsPerson, failure.Reason, message)
            .Set(ConditionTypes.Stalled, failure.NeedsPerson, failure.NeedsPerson ? failure.Reason : RuntimeReasons.NotStalled, failure.NeedsPerson ? message : "Nothing needs a person");
        foreach (var condition in before ?? [])
        {
            if (ofTheWorld.Contains(condition.Type))
            {
                list.SetUnknown(condition.Type, failure.Reason, "Not known while the passes fail: see Ready");
            }
        }

        return
        [
            .. list.Set(ConditionTypes.Stale, true, failure.Reason, "The passes over this object fail: what this status tells of the world is from before that").Build(),
            .. (before ?? []).Where(c => !ofTheWorld.Contains(c.Type) && c.Type is not (ConditionTypes.Ready or ConditionTypes.Reconciling or ConditionTypes.Stalled or ConditionTypes.Stale)),
        ];
    }

    /// <summary>Whether status says that passes fail: then the next one that succeeds has to tell so, whatever else is new.</summary>
    public static bool Stand(IReadOnlyList<Condition>? conditions) => conditions?.Any(c => c is { Type: ConditionTypes.Stale, Status: "True" }) == true;

    /// <summary>A figure with <see cref="Mark"/>; null stays null.</summary>
    public static string? Marked(string? figure) => figure is null || figure.EndsWith(Mark, StringComparison.Ordinal) ? figure : figure + Mark;

    private static string Cut(string message) => OneLine.Of(message, ConditionList.MessageLength);
}
