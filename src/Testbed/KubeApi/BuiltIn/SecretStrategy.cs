using System.Text;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>Secrets: <c>stringData</c> is folded into <c>data</c>, the type has a default and cannot change.</summary>
internal sealed class SecretStrategy : ResourceStrategy
{
    public override void ApplyDefaults(JsonObject obj)
    {
        obj["type"] ??= "Opaque";
        if (obj.Object("stringData") is not { } plain)
        {
            return;
        }

        var data = obj.Ensure("data");
        foreach (var (key, value) in plain)
        {
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(value?.GetValue<string>() ?? ""));
        }

        obj.Remove("stringData");
    }

    public override IReadOnlyList<FieldError> Validate(JsonObject obj, JsonObject? old, bool statusOnly)
    {
        List<FieldError> errors = [.. ConfigMapStrategy.CheckKeys(obj.Object("data"), "data")];
        foreach (var (key, value) in obj.Object("data") ?? [])
        {
            var text = value?.GetValue<string>() ?? "";
            if (!Convert.TryFromBase64String(text, new byte[text.Length], out _))
            {
                // The value is not shown: it may be the secret itself.
                errors.Add(new($"data[{key}]", "Invalid value: \"<redacted>\": must be base64", "FieldValueInvalid"));
            }
        }

        if (old is not null && old.String("type") != obj.String("type"))
        {
            errors.Add(new("type", $"Invalid value: \"{obj.String("type")}\": field is immutable", "FieldValueInvalid"));
        }

        return errors;
    }
}
