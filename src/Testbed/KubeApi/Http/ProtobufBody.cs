using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Http;

/// <summary>
/// The protobuf messages that kubectl sends for <c>create namespace|configmap|secret|serviceaccount|role…|deployment|token</c> and <c>auth</c>, and helm for
/// the Secrets of its releases, where they never send JSON.
/// Field numbers are those of the Kubernetes API's <c>generated.proto</c> files.
/// </summary>
internal static class ProtobufBody
{
    private const string Accepted = "application/json, application/yaml";

    private static readonly byte[] Magic = [(byte)'k', (byte)'8', (byte)'s', 0];

    private static readonly ProtobufMessage Envelope = new(
        (1, "type", ProtobufField.Message(new((1, "apiVersion", ProtobufField.Text), (2, "kind", ProtobufField.Text)))),
        (2, "object", new ProtobufField(ProtobufKind.Base64)));

    private static readonly ProtobufField Metadata = ProtobufField.Message(new(
        (1, "name", ProtobufField.Text),
        (2, "generateName", ProtobufField.Text),
        (3, "namespace", ProtobufField.Text),
        (5, "uid", ProtobufField.Text),
        (6, "resourceVersion", ProtobufField.Text),
        (11, "labels", ProtobufField.TextMap),
        (12, "annotations", ProtobufField.TextMap),
        (14, "finalizers", ProtobufField.Texts)));

    private static readonly ProtobufField Rules = ProtobufField.Messages(new(
        (1, "verbs", ProtobufField.Texts),
        (2, "apiGroups", ProtobufField.Texts),
        (3, "resources", ProtobufField.Texts),
        (4, "resourceNames", ProtobufField.Texts),
        (5, "nonResourceURLs", ProtobufField.Texts)));

    private static readonly ProtobufMessage Binding = new(
        (1, "metadata", Metadata),
        (2, "subjects", ProtobufField.Messages(new(
            (1, "kind", ProtobufField.Text), (2, "apiGroup", ProtobufField.Text), (3, "name", ProtobufField.Text), (4, "namespace", ProtobufField.Text)))),
        (3, "roleRef", ProtobufField.Message(new((1, "apiGroup", ProtobufField.Text), (2, "kind", ProtobufField.Text), (3, "name", ProtobufField.Text)))));

    // As much of a pod as `kubectl create deployment` can ask for.
    private static readonly ProtobufMessage Template = new((1, "metadata", Metadata), (2, "spec", ProtobufField.Message(new((2, "containers", ProtobufField.Messages(new(
        (1, "name", ProtobufField.Text),
        (2, "image", ProtobufField.Text),
        (3, "command", ProtobufField.Texts),
        (4, "args", ProtobufField.Texts),
        (6, "ports", ProtobufField.Messages(new((1, "name", ProtobufField.Text), (3, "containerPort", ProtobufField.Number), (4, "protocol", ProtobufField.Text)))))))))));

    private static readonly Dictionary<string, ProtobufMessage> Kinds = new(StringComparer.Ordinal)
    {
        ["Namespace"] = new((1, "metadata", Metadata)),
        ["ConfigMap"] = new((1, "metadata", Metadata), (2, "data", ProtobufField.TextMap), (3, "binaryData", ProtobufField.Base64Map), (4, "immutable", ProtobufField.Flag)),
        ["Secret"] = new((1, "metadata", Metadata), (2, "data", ProtobufField.Base64Map), (3, "type", ProtobufField.Text), (4, "stringData", ProtobufField.TextMap), (5, "immutable", ProtobufField.Flag)),
        ["ServiceAccount"] = new((1, "metadata", Metadata)),
        ["Role"] = new((1, "metadata", Metadata), (2, "rules", Rules)),
        ["ClusterRole"] = new((1, "metadata", Metadata), (2, "rules", Rules)),
        ["RoleBinding"] = Binding,
        ["ClusterRoleBinding"] = Binding,
        ["Deployment"] = new((1, "metadata", Metadata), (2, "spec", ProtobufField.Message(new(
            (1, "replicas", ProtobufField.Number),
            (2, "selector", ProtobufField.Message(new((1, "matchLabels", ProtobufField.TextMap)))),
            (3, "template", ProtobufField.Message(Template)))))),
        ["DeleteOptions"] = new(
            (1, "gracePeriodSeconds", ProtobufField.Number),
            (2, "preconditions", ProtobufField.Message(new((1, "uid", ProtobufField.Text), (2, "resourceVersion", ProtobufField.Text)))),
            (3, "orphanDependents", ProtobufField.Flag),
            (4, "propagationPolicy", ProtobufField.Text),
            (5, "dryRun", ProtobufField.Texts)),
        ["TokenRequest"] = new((1, "metadata", Metadata), (2, "spec", ProtobufField.Message(new((1, "audiences", ProtobufField.Texts), (4, "expirationSeconds", ProtobufField.Number))))),
        ["SelfSubjectReview"] = new((1, "metadata", Metadata)),
        ["SelfSubjectRulesReview"] = new((2, "spec", ProtobufField.Message(new((1, "namespace", ProtobufField.Text))))),
        ["SelfSubjectAccessReview"] = new((2, "spec", ProtobufField.Message(new(
            (1, "resourceAttributes", ProtobufField.Message(new(
                (1, "namespace", ProtobufField.Text),
                (2, "verb", ProtobufField.Text),
                (3, "group", ProtobufField.Text),
                (4, "version", ProtobufField.Text),
                (5, "resource", ProtobufField.Text),
                (6, "subresource", ProtobufField.Text),
                (7, "name", ProtobufField.Text)))),
            (2, "nonResourceAttributes", ProtobufField.Message(new((1, "path", ProtobufField.Text), (2, "verb", ProtobufField.Text)))))))),
    };

    /// <summary>Reads <c>k8s\0</c> and a <c>runtime.Unknown</c> with the object in it.</summary>
    /// <param name="bytes">The body.</param>
    /// <param name="kind">The kind that the path stands for, for messages.</param>
    /// <exception cref="ApiException">400 for bytes that are no such message, 415 for kinds that are only read as JSON.</exception>
    public static JsonObject Decode(byte[] bytes, string kind)
    {
        if (!bytes.AsSpan().StartsWith(Magic))
        {
            throw Unrecognized(kind, "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }

        try
        {
            var envelope = Envelope.Read(bytes.AsSpan(Magic.Length));
            var type = envelope["type"] as JsonObject ?? [];
            var name = type["kind"]?.GetValue<string>() ?? "";
            if (!Kinds.TryGetValue(name, out var message))
            {
                throw ApiErrors.UnsupportedMediaType(Accepted);
            }

            var obj = message.Read(Convert.FromBase64String(envelope["object"]?.GetValue<string>() ?? ""));
            obj["apiVersion"] = type["apiVersion"]?.DeepClone();
            obj["kind"] = name;
            return obj;
        }
        catch (InvalidDataException e)
        {
            throw Unrecognized(kind, e.Message);
        }
    }

    private static ApiException Unrecognized(string kind, string why) =>
        ApiErrors.BadRequest($"the object provided is unrecognized (must be of type {kind}): {why}");
}
