using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Runtime;

/// <summary>
/// Builds the conditions of one pass on top of those of the last one: <c>lastTransitionTime</c> moves only where the status flips
/// (Kubernetes API conventions, "Typical status properties"). Conditions that a pass does not set are dropped.
/// </summary>
/// <param name="previous">The conditions in status; null: none yet.</param>
/// <param name="generation">The generation that this pass evaluated.</param>
/// <param name="now">The moment of this pass.</param>
public sealed class ConditionList(IReadOnlyList<Condition>? previous, long? generation, DateTimeOffset now)
{
    /// <summary>The longest message.</summary>
    internal const int MessageLength = 1024;

    private readonly List<Condition> conditions = [];

    /// <summary>Sets a condition to True or False.</summary>
    public ConditionList Set(string type, bool status, string reason, string message) => Set(type, status ? "True" : "False", reason, message);

    /// <summary>Sets a condition to Unknown: it could not be evaluated.</summary>
    public ConditionList SetUnknown(string type, string reason, string message) => Set(type, "Unknown", reason, message);

    /// <summary>The conditions, in the order in which they were set.</summary>
    public IReadOnlyList<Condition> Build() => conditions;

    private ConditionList Set(string type, string status, string reason, string message)
    {
        var before = previous?.FirstOrDefault(c => c.Type == type);
        conditions.Add(new Condition
        {
            Type = type,
            Status = status,
            ObservedGeneration = generation,
            LastTransitionTime = before is not null && before.Status == status ? before.LastTransitionTime : WholeSeconds.Of(now),
            Reason = reason,
            Message = OneLine.Of(message, MessageLength),
        });
        return this;
    }
}
