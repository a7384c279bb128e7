using System.Globalization;
using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Storage;

/// <summary>Reads and writes of <c>metadata</c>.</summary>
internal static class ObjectMeta
{
    public static JsonObject Of(JsonObject obj) => obj.Ensure("metadata");

    public static string Name(JsonObject obj) => obj.Object("metadata").String("name") ?? "";

    public static string Namespace(JsonObject obj) => obj.Object("metadata").String("namespace") ?? "";

    public static string Uid(JsonObject obj) => obj.Object("metadata").String("uid") ?? "";

    public static string ResourceVersion(JsonObject obj) => obj.Object("metadata").String("resourceVersion") ?? "";

    public static IReadOnlyList<string> Finalizers(JsonObject obj) => obj.Object("metadata").Strings("finalizers");

    /// <summary>Deletion was asked for, and finalizers hold the object.</summary>
    public static bool IsTerminating(JsonObject obj) => obj.Object("metadata").String("deletionTimestamp") is not null;

    public static JsonObject? Labels(JsonObject obj) => obj.Object("metadata").Object("labels");

    /// <summary>Time as <c>metav1.Time</c> writes it: whole seconds, UTC.</summary>
    public static string Time(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static void SetFinalizers(JsonObject obj, IEnumerable<string> finalizers)
    {
        var list = new JsonArray([.. finalizers.Select(f => (JsonNode?)JsonValue.Create(f))]);
        if (list.Count == 0)
        {
            Of(obj).Remove("finalizers");
        }
        else
        {
            Of(obj)["finalizers"] = list;
        }
    }
}
