using System.Text.Json;

namespace Modestano.Testbed.Bench;

/// <summary>Where two documents differ.</summary>
internal static class JsonDifference
{
    /// <summary>The paths of the values that differ, as <c>members[].lag</c>; elements of lists are compared in their order.</summary>
    public static IEnumerable<string> Fields(JsonElement one, JsonElement other, string path = "")
    {
        if (one.ValueKind != other.ValueKind)
        {
            return [path];
        }

        return one.ValueKind switch
        {
            JsonValueKind.Object => one.EnumerateObject().Select(p => p.Name).Union(other.EnumerateObject().Select(p => p.Name)).SelectMany(name =>
                one.TryGetProperty(name, out var mine) && other.TryGetProperty(name, out var its)
                    ? Fields(mine, its, path.Length == 0 ? name : $"{path}.{name}")
                    : [path.Length == 0 ? name : $"{path}.{name}"]),
            JsonValueKind.Array when one.GetArrayLength() == other.GetArrayLength() =>
                one.EnumerateArray().Zip(other.EnumerateArray()).SelectMany(pair => Fields(pair.First, pair.Second, $"{path}[]")),
            _ => JsonElement.DeepEquals(one, other) ? [] : [path],
        };
    }
}
