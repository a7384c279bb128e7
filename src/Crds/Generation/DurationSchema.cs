using System.Text.Json.Nodes;
using Modestano.Crds.Schema;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Crds.Generation;

/// <summary>The schema of a <see cref="Duration"/>: a string of a certain form with bounds.</summary>
internal static class DurationSchema
{
    // Enough for 8760h59m59s999ms; every part of the pattern is optional, so the least length keeps out the empty string.
    private const int Longest = 24;
    private const int Shortest = 2;

    public static void Fill(JsonObject schema, DurationRangeAttribute? range)
    {
        if (range is null)
        {
            throw new NotSupportedException("a Duration needs a DurationRange");
        }

        if (Duration.Parse(range.Minimum).Value > Duration.Parse(range.Maximum).Value)
        {
            throw new NotSupportedException($"DurationRange from {range.Minimum} to {range.Maximum} is empty");
        }

        schema["type"] = "string";
        schema["minLength"] = Shortest;
        schema["maxLength"] = Longest;
        schema["pattern"] = Duration.Pattern;
        CelRules.Add(
            schema,
            $"duration(self) >= duration('{range.Minimum}') && duration(self) <= duration('{range.Maximum}')",
            $"must be a duration from {range.Minimum} to {range.Maximum}, as in 500ms, 45s, 5m or 1h30m");
    }
}
