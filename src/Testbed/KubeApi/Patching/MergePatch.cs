using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Patching;

/// <summary>JSON merge patch, RFC 7386.</summary>
internal static class MergePatch
{
    /// <summary>The target with the patch applied; the target may be changed and must not be used afterwards.</summary>
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject nested:
                    var under = target[name] as JsonObject ?? [];
                    target[name] = Apply((JsonObject)under.DeepClone(), nested);
                    break;
                default:
                    target[name] = value.DeepClone();
                    break;
            }
        }

        return target;
    }
}
