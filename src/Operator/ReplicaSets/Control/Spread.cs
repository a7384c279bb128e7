using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>Periods that differ by object, so that what a thousand objects began together at the process' start does not come together for ever.</summary>
internal static class Spread
{
    /// <summary>From three quarters to five quarters of a period, always the same for an object.</summary>
    public static TimeSpan Of(ObjectKey key, TimeSpan period)
    {
        // FNV-1a: string's own hash differs by process, and a run under virtual time must be repeatable.
        var hash = 2166136261u;
        foreach (var c in $"{key.Namespace}/{key.Name}")
        {
            hash = (hash ^ c) * 16777619u;
        }

        return period * (0.75 + (0.5 * (hash % 1024 / 1024.0)));
    }
}
