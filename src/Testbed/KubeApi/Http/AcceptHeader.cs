namespace Modestano.Testbed.KubeApi.Http;

internal enum AnswerForm
{
    Json,
    Yaml,
    Table,
    PartialMetadata,
}

/// <summary>The form of answer that a client asks for.</summary>
/// <param name="Form">How objects are shown.</param>
/// <param name="TableVersion">v1 or v1beta1 of meta.k8s.io, for a Table.</param>
internal readonly record struct AcceptHeader(AnswerForm Form, string TableVersion)
{
    private const string Served = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    /// <summary>Takes the first entry that can be served; protobuf cannot, and every client that asks for it also takes JSON.</summary>
    public static AcceptHeader Parse(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
        {
            return new(AnswerForm.Json, "");
        }

        var protobufOnly = false;
        foreach (var entry in header.Split(','))
        {
            var parts = entry.Split(';', StringSplitOptions.TrimEntries);
            var parameters = parts.Skip(1).Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
            var form = parameters.GetValueOrDefault("as");
            switch (parts[0].ToLowerInvariant())
            {
                case "application/json" or "*/*" or "application/*" when form is null:
                    return new(AnswerForm.Json, "");
                case "application/json" when form == "Table" && parameters.GetValueOrDefault("v") is "v1" or "v1beta1":
                    return new(AnswerForm.Table, parameters["v"]);
                case "application/json" when form is "PartialObjectMetadata" or "PartialObjectMetadataList":
                    return new(AnswerForm.PartialMetadata, "");
                case "application/yaml" when form is null:
                    return new(AnswerForm.Yaml, "");
                case "application/vnd.kubernetes.protobuf" when form is null:
                    protobufOnly = true;
                    break;
                default:
                    break;
            }
        }

        return protobufOnly ? new(AnswerForm.Json, "") : throw ApiErrors.NotAcceptable(Served);
    }
}
