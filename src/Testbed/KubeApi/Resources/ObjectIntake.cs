using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Resources;

/// <summary>What every object goes through before it is stored: identity, unknown fields, defaults, validation.</summary>
internal static class ObjectIntake
{
    /// <summary>Checks that a body is of the kind and name that the path says, and completes it from the path.</summary>
    public static void CheckIdentity(JsonObject body, ResourceKind kind, string? ns, string? name)
    {
        var (apiVersion, bodyKind) = (body.String("apiVersion") ?? "", body.String("kind") ?? "");
        if (kind.IsCustom)
        {
            if (bodyKind.Length == 0)
            {
                throw ApiErrors.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: Object 'Kind' is missing in '{JsonText.Text(body)}'");
            }

            if (apiVersion.Length == 0)
            {
                throw ApiErrors.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: Object 'apiVersion' is missing in '{JsonText.Text(body)}'");
            }
        }

        if (apiVersion.Length > 0 && apiVersion != kind.GroupVersion)
        {
            throw ApiErrors.BadRequest(
                $"the API version in the data ({apiVersion}) does not match the expected API version ({kind.GroupVersion})");
        }

        if (bodyKind.Length > 0 && bodyKind != kind.Kind)
        {
            throw kind.IsCustom
                ? ApiErrors.Invalid(kind.Group, bodyKind, ObjectMeta.Name(body), [new("kind", $"Invalid value: \"{bodyKind}\": must be {kind.Kind}", "FieldValueInvalid")])
                : ApiErrors.BadRequest($"{bodyKind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: no kind \"{bodyKind}\" is registered for version \"{kind.GroupVersion}\"");
        }

        body["apiVersion"] = kind.GroupVersion;
        body["kind"] = kind.Kind;
        if (body["metadata"] is not (null or JsonObject))
        {
            return;
        }

        var metadata = ObjectMeta.Of(body);
        var bodyNamespace = ObjectMeta.Namespace(body);
        if (kind.Namespaced && bodyNamespace.Length > 0 && bodyNamespace != ns)
        {
            throw ApiErrors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }

        if (kind.Namespaced)
        {
            metadata["namespace"] = ns;
        }
        else
        {
            metadata.Remove("namespace");
        }

        if (name is null)
        {
            return;
        }

        var bodyName = ObjectMeta.Name(body);
        if (bodyName.Length > 0 && bodyName != name)
        {
            throw ApiErrors.BadRequest($"the name of the object ({bodyName}) does not match the name on the URL ({name})");
        }

        metadata["name"] = name;
    }

    /// <summary>Removes unknown fields (or refuses them, as <c>fieldValidation</c> asks) and applies defaults.</summary>
    public static void Complete(JsonObject obj, ResourceKind kind, WriteOptions options)
    {
        var unknown = MetadataRules.Normalise(obj, kind).Concat(kind.Structure?.Value.Prune(obj) ?? kind.Strategy.Prune(obj)).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0 && options.FieldValidation == FieldValidation.Strict)
        {
            var fields = string.Join(", ", unknown.Select(u => $"unknown field \"{u}\""));
            throw ApiErrors.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: strict decoding error: {fields}");
        }

        if (options.FieldValidation == FieldValidation.Warn)
        {
            options.Warnings.AddRange(unknown.Select(u => $"unknown field \"{u}\""));
        }

        if (kind.Structure?.Value is { } structure)
        {
            structure.ApplyDefaults(obj);
            CheckTypes(obj, kind, structure);
        }

        kind.Strategy.ApplyDefaults(obj);
    }

    /// <summary>A built-in kind whose fields are of other types cannot even be read. The message names the field, never its value, which may be secret.</summary>
    private static void CheckTypes(JsonObject obj, ResourceKind kind, StructuralSchema structure)
    {
        foreach (var error in structure.Validate(obj, null, statusOnly: true))
        {
            var wanted = error.Detail.IndexOf("must be of type ", StringComparison.Ordinal) is var at and > 0
                ? error.Detail[at..].Split(':')[0]
                : "must be of another type";
            throw ApiErrors.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: {error.Field} {wanted}");
        }
    }

    public static void Validate(JsonObject obj, JsonObject? old, ResourceKind kind, bool statusOnly = false)
    {
        var metadata = MetadataRules.Validate(obj, old, kind);
        List<FieldError> errors = [.. metadata, .. kind.Strategy.Validate(obj, old, statusOnly, metadata.Any(e => e.BlocksRules))];
        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid(kind, ObjectMeta.Name(obj), errors);
        }
    }
}
