using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;

namespace Modestano.Testbed.KubeApi.ServerSideApply;

/// <summary>The 409 that names the other managers and their fields.</summary>
internal static class ApplyConflict
{
    public static ApiException Of(IReadOnlyList<(ManagerId Manager, FieldSet Fields)> conflicts)
    {
        var all = conflicts
            .OrderBy(c => c.Manager.Text, StringComparer.Ordinal)
            .SelectMany(c => c.Fields.Paths().Select(p => (Manager: c.Manager.Text, Path: PathElements.Text(p))))
            .ToList();
        var causes = new JsonArray([.. all.Select(c => new JsonObject
        {
            ["reason"] = "FieldManagerConflict",
            ["message"] = $"conflict with {c.Manager}",
            ["field"] = c.Path,
        })]);
        var text = all is [var only]
            ? $"Apply failed with 1 conflict: conflict with {only.Manager}: {only.Path}"
            : $"Apply failed with {all.Count} conflicts: {string.Join("\n", all.GroupBy(c => c.Manager).Select(g => $"conflicts with {g.Key}:\n{string.Join("\n", g.Select(c => $"- {c.Path}"))}"))}";
        return new ApiException(409, "Conflict", text, new JsonObject { ["causes"] = causes });
    }
}
