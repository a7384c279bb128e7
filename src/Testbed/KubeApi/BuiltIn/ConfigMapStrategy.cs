using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>Config maps: their keys must do as file names.</summary>
internal sealed partial class ConfigMapStrategy : ResourceStrategy
{
    private const string Rule =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    public override IReadOnlyList<FieldError> Validate(JsonObject obj, JsonObject? old, bool statusOnly) =>
    [
        .. CheckKeys(obj.Object("data"), "data"), .. CheckKeys(obj.Object("binaryData"), "binaryData"),
    ];

    /// <summary>One error for each key that is no file name; secrets have the same rule.</summary>
    public static IEnumerable<FieldError> CheckKeys(JsonObject? map, string field) =>
        (map ?? []).Select(p => p.Key).Where(k => !Key().IsMatch(k)).Select(k => new FieldError($"{field}[{k}]", $"Invalid value: \"{k}\": {Rule}", "FieldValueInvalid"));

    [GeneratedRegex(@"\A[-._a-zA-Z0-9]+\z")]
    private static partial Regex Key();
}
