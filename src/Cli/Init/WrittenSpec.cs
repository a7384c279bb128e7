using System.Text.Json.Nodes;
using k8s;

namespace Modestano.Cli.Init;

/// <summary>A spec as a person writes it: what the API server filled in is no part of that. Pure.</summary>
internal static class WrittenSpec
{
    /// <summary>The spec as JSON.</summary>
    /// <param name="spec">The spec as the cluster has it.</param>
    /// <param name="byDefault">What the API server fills in.</param>
    public static JsonObject Of<T>(T spec, T byDefault)
        where T : notnull =>
        Without(JsonNode.Parse(KubernetesJson.Serialize(spec))!.AsObject(), JsonNode.Parse(KubernetesJson.Serialize(byDefault))!.AsObject());

    private static JsonObject Without(JsonObject spec, JsonObject byDefault)
    {
        foreach (var (key, value) in byDefault.ToList())
        {
            if (spec[key] is not { } given)
            {
                continue;
            }

            if (given is JsonObject map && value is JsonObject defaults)
            {
                Without(map, defaults);
                if (map.Count == 0)
                {
                    spec.Remove(key);
                }
            }
            else if (JsonNode.DeepEquals(given, value))
            {
                spec.Remove(key);
            }
        }

        return spec;
    }
}
