using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Tables;

/// <summary>A column of a Table after the name.</summary>
/// <param name="Name">The heading, which kubectl shows in capitals.</param>
/// <param name="Type">string, integer, number, boolean or date.</param>
/// <param name="Value">The cell of an object at an instant; null where there is none.</param>
internal sealed record TableColumn(string Name, string Type, Func<JsonObject, DateTimeOffset, JsonNode?> Value)
{
    public string Format { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>Above 0: only in wide output.</summary>
    public int Priority { get; init; }

    /// <summary>The age since creation, which most tables end with.</summary>
    public static readonly TableColumn Age = new(
        "Age",
        "date",
        (obj, now) => Ages.Cell(obj["metadata"]?["creationTimestamp"]?.GetValue<string>(), now))
    {
        Description = "CreationTimestamp is a timestamp representing the server time when this object was created.",
    };

    public JsonObject Definition() => new()
    {
        ["name"] = Name,
        ["type"] = Type,
        ["format"] = Format,
        ["description"] = Description,
        ["priority"] = Priority,
    };
}
