using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Tables;

/// <summary>Shows objects as a <c>meta.k8s.io</c> Table.</summary>
/// <param name="kind">Whose columns.</param>
/// <param name="version">v1 or v1beta1 of the Table.</param>
/// <param name="includeObject">Metadata (default), Object or None.</param>
/// <param name="now">What ages are counted from.</param>
internal sealed class TableBuilder(ResourceKind kind, string version, string? includeObject, DateTimeOffset now)
{
    private const string NameDescription =
        "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. "
        + "Name is primarily intended for creation idempotence and configuration definition. Cannot be updated.";

    public JsonObject Build(IEnumerable<JsonObject> objects, JsonObject metadata, bool withColumns = true) => new()
    {
        ["kind"] = "Table",
        ["apiVersion"] = $"meta.k8s.io/{version}",
        ["metadata"] = metadata,
        ["columnDefinitions"] = withColumns ? Columns() : null,
        ["rows"] = new JsonArray([.. objects.Select(Row)]),
    };

    private JsonArray Columns()
    {
        var columns = new JsonArray();
        if (!kind.ColumnsBeginWithoutName)
        {
            columns.Add(new JsonObject { ["name"] = "Name", ["type"] = "string", ["format"] = "name", ["description"] = NameDescription, ["priority"] = 0 });
        }

        foreach (var column in kind.Columns)
        {
            columns.Add(column.Definition());
        }

        return columns;
    }

    private JsonObject Row(JsonObject obj)
    {
        var cells = new JsonArray();
        if (!kind.ColumnsBeginWithoutName)
        {
            cells.Add(JsonValue.Create(ObjectMeta.Name(obj)));
        }

        foreach (var column in kind.Columns)
        {
            cells.Add(column.Value(obj, now));
        }

        return new JsonObject
        {
            ["cells"] = cells,
            ["object"] = includeObject switch
            {
                "None" => null,
                "Object" => obj.DeepClone(),
                null or "" or "Metadata" => PartialMetadata(obj, version),
                _ => throw ApiErrors.BadRequest($"Unable to convert to Table as requested: includeObject: Invalid value: \"{includeObject}\": must be 'Metadata', 'Object', 'None', or empty"),
            },
        };
    }

    /// <summary>An object of which only the metadata is shown.</summary>
    public static JsonObject PartialMetadata(JsonObject obj, string version) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = $"meta.k8s.io/{version}",
        ["metadata"] = obj["metadata"]?.DeepClone(),
    };
}
