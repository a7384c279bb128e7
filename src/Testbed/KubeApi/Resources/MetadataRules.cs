using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Resources;

/// <summary>What holds for the metadata of every kind.</summary>
internal static partial class MetadataRules
{
    private const int MostCharacters = 253;

    private const int MostAnnotationBytes = 256 * 1024;

    private const int MostLabelCharacters = 63;

    private const string Label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character "
        + "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string Subdomain =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string LabelName =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string LabelValue =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    private static readonly HashSet<string> Known =
    [
        "annotations", "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "finalizers", "generateName", "generation", "labels",
        "managedFields", "name", "namespace", "ownerReferences", "resourceVersion", "selfLink", "uid",
    ];

    private static readonly string[] Strings = ["name", "namespace", "generateName", "resourceVersion", "uid", "selfLink"];

    private static readonly string[] Times = ["creationTimestamp", "deletionTimestamp"];

    private static readonly string[] OwnerFields = ["apiVersion", "kind", "name", "uid"];

    private static readonly string[] ServerOwned = ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink"];

    /// <summary>Checks the types of metadata and removes what it does not have.</summary>
    /// <returns>Paths of the removed fields.</returns>
    public static IReadOnlyList<string> Normalise(JsonObject obj, ResourceKind kind)
    {
        if (obj.TryGetPropertyValue("metadata", out var node) && node is not (null or JsonObject))
        {
            throw Wrong(kind, node, "", "v1.ObjectMeta");
        }

        var metadata = ObjectMeta.Of(obj);
        var unknown = metadata.Select(p => p.Key).Where(k => !Known.Contains(k)).ToList();
        foreach (var name in unknown.Concat(metadata.Where(p => p.Value is null).Select(p => p.Key)).ToList())
        {
            metadata.Remove(name);
        }

        foreach (var name in Strings)
        {
            if (metadata[name] is { } value && value.GetValueKind() != JsonValueKind.String)
            {
                throw Wrong(kind, value, name, "string");
            }
        }

        CheckTimes(metadata, kind);
        StringMap(metadata, "labels", kind);
        StringMap(metadata, "annotations", kind);
        if (metadata["finalizers"] is { } finalizers && (finalizers is not JsonArray list || list.Any(f => f?.GetValueKind() != JsonValueKind.String)))
        {
            throw Wrong(kind, finalizers, "finalizers", "[]string");
        }

        foreach (var name in new[] { "labels", "annotations", "finalizers", "ownerReferences" })
        {
            if (metadata[name] is JsonObject { Count: 0 } or JsonArray { Count: 0 })
            {
                metadata.Remove(name);
            }
        }

        return [.. unknown.Select(u => $"metadata.{u}")];
    }

    /// <summary>Times are read even where the server does not keep what a client says.</summary>
    public static void CheckTimes(JsonObject metadata, ResourceKind kind)
    {
        foreach (var name in Times)
        {
            if (metadata[name] is { } value && (value.GetValueKind() != JsonValueKind.String || !DateTimeOffset.TryParse(value.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture, out _)))
            {
                throw ApiErrors.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: metadata.{name}: parsing time {JsonText.Text(value)}");
            }
        }
    }

    /// <summary>Takes over from the stored object what only the server may set.</summary>
    public static void KeepServerOwned(JsonObject obj, JsonObject old)
    {
        var (metadata, stored) = (ObjectMeta.Of(obj), ObjectMeta.Of(old));
        foreach (var name in ServerOwned)
        {
            metadata.CopyFrom(stored, name);
        }
    }

    public static void DropServerOwned(JsonObject obj)
    {
        foreach (var name in ServerOwned)
        {
            ObjectMeta.Of(obj).Remove(name);
        }
    }

    public static IReadOnlyList<FieldError> Validate(JsonObject obj, JsonObject? old, ResourceKind kind)
    {
        var errors = new List<FieldError>();
        var metadata = ObjectMeta.Of(obj);
        var name = ObjectMeta.Name(obj);
        if (name.Length == 0)
        {
            errors.Add(new("metadata.name", "Required value: name or generateName is required", "FieldValueRequired"));
        }
        else if (old is null && metadata.String("generateName") is { Length: > 0 } prefix && !IsName(prefix[^1] is '-' or '.' ? prefix[..^1] + 'a' : prefix, kind))
        {
            errors.Add(new("metadata.generateName", $"Invalid value: \"{prefix}\": {WhyNoName(prefix, kind)}", "FieldValueInvalid"));
        }

        if (name.Length > 0 && old is null && !IsName(name, kind))
        {
            errors.Add(new("metadata.name", $"Invalid value: \"{name}\": {WhyNoName(name, kind)}", "FieldValueInvalid"));
        }

        foreach (var (key, value) in metadata.Object("labels") ?? [])
        {
            Qualified(key, "metadata.labels", errors);
            var text = value!.GetValue<string>();
            if (text.Length > 63)
            {
                errors.Add(new("metadata.labels", $"Invalid value: \"{text}\": must be no more than 63 characters", "FieldValueInvalid"));
            }

            if (!LabelValuePattern().IsMatch(text))
            {
                errors.Add(new("metadata.labels", $"Invalid value: \"{text}\": {LabelValue}", "FieldValueInvalid"));
            }
        }

        foreach (var (key, _) in metadata.Object("annotations") ?? [])
        {
            Qualified(key.ToLowerInvariant(), "metadata.annotations", errors);
        }

        if (metadata.Object("annotations")?.Sum(a => Encoding.UTF8.GetByteCount(a.Key) + Encoding.UTF8.GetByteCount(a.Value!.GetValue<string>())) > MostAnnotationBytes)
        {
            errors.Add(new("metadata.annotations", $"Too long: must have at most {MostAnnotationBytes} bytes", "FieldValueTooLong"));
        }

        Finalizers(obj, old, errors);
        Owners(metadata, errors);
        return errors;
    }

    private static void Owners(JsonObject metadata, List<FieldError> errors)
    {
        foreach (var owner in metadata.Objects("ownerReferences"))
        {
            foreach (var field in OwnerFields.Where(f => string.IsNullOrEmpty(owner.String(f))))
            {
                errors.Add(new($"metadata.ownerReferences.{field}", $"Invalid value: \"\": {(field == "apiVersion" ? "version" : field)} must not be empty", "FieldValueInvalid"));
            }
        }

        var controllers = metadata.Objects("ownerReferences").Where(o => o.Flag("controller")).Select(o => o.String("name")).ToList();
        if (controllers.Count > 1)
        {
            errors.Add(new(
                "metadata.ownerReferences",
                $"Invalid value: Only one reference can have Controller set to true. Found \"true\" in references for {controllers[0]} and {controllers[1]}",
                "FieldValueInvalid"));
        }
    }

    private static void Finalizers(JsonObject obj, JsonObject? old, List<FieldError> errors)
    {
        var finalizers = ObjectMeta.Finalizers(obj);
        if (old is null || !ObjectMeta.IsTerminating(old))
        {
            return;
        }

        var added = finalizers.Except(ObjectMeta.Finalizers(old), StringComparer.Ordinal).ToList();
        if (added.Count > 0)
        {
            var shown = string.Join(", ", added.Select(a => $"\"{a}\""));
            errors.Add(new(
                "metadata.finalizers",
                $"Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{{{shown}}}",
                "FieldValueForbidden"));
        }
    }

    // Names of roles and bindings may hold colons; every other kind here is named as a DNS subdomain.
    private static bool IsName(string name, ResourceKind kind) =>
        kind.Group == "rbac.authorization.k8s.io"
            ? name is not ("." or "..") && !name.Contains('/', StringComparison.Ordinal) && !name.Contains('%', StringComparison.Ordinal)
            : IsNamespace(kind) ? name.Length <= MostLabelCharacters && LabelPattern().IsMatch(name) : name.Length <= MostCharacters && SubdomainPattern().IsMatch(name);

    private static bool IsNamespace(ResourceKind kind) => kind is { Group: "", Plural: "namespaces" };

    private static string WhyNoName(string name, ResourceKind kind)
    {
        var (pattern, most, shape) = IsNamespace(kind) ? (LabelPattern(), MostLabelCharacters, Label) : (SubdomainPattern(), MostCharacters, Subdomain);
        return pattern.IsMatch(name) ? $"must be no more than {most} characters" : shape;
    }

    private static void Qualified(string key, string field, List<FieldError> errors)
    {
        var name = key[(key.LastIndexOf('/') + 1)..];
        if (name.Length == 0 || !LabelNamePattern().IsMatch(name))
        {
            errors.Add(new(field, $"Invalid value: \"{key}\": {LabelName}", "FieldValueInvalid"));
        }
        else if (name.Length > 63)
        {
            errors.Add(new(field, $"Invalid value: \"{key}\": name part must be no more than 63 characters", "FieldValueInvalid"));
        }
    }

    private static void StringMap(JsonObject metadata, string name, ResourceKind kind)
    {
        if (metadata[name] is not { } node)
        {
            return;
        }

        if (node is not JsonObject map)
        {
            throw Wrong(kind, node, name, "map[string]string");
        }

        // A null value reads as an empty string, as in Go.
        foreach (var key in map.Where(p => p.Value is null).Select(p => p.Key).ToList())
        {
            map[key] = "";
        }

        if (map.FirstOrDefault(p => p.Value!.GetValueKind() != JsonValueKind.String).Value is { } wrong)
        {
            throw Wrong(kind, wrong, name, "string");
        }
    }

    private static ApiException Wrong(ResourceKind kind, JsonNode node, string field, string wanted)
    {
        var found = node.GetValueKind() switch { JsonValueKind.True or JsonValueKind.False => "bool", var other => other.ToString().ToLowerInvariant() };
        var where = field.Length == 0 ? "Go value" : $"Go struct field ObjectMeta.{field}";
        return ApiErrors.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: json: cannot unmarshal {found} into {where} of type {wanted}");
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex SubdomainPattern();

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex LabelPattern();

    [GeneratedRegex("^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$")]
    private static partial Regex LabelNamePattern();

    [GeneratedRegex("^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$")]
    private static partial Regex LabelValuePattern();
}
