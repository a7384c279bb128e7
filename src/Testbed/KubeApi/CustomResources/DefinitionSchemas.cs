using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Schema;

namespace Modestano.Testbed.KubeApi.CustomResources;

/// <summary>Checks the schemas of a definition.</summary>
internal static class DefinitionSchemas
{
    /// <param name="schema">An openAPIV3Schema.</param>
    /// <param name="path">Where it stands in the definition.</param>
    public static IReadOnlyList<FieldError> Check(JsonObject schema, string path) => [];
}
