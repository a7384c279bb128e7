using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>
/// What the API server passes on to a pod's node. No pod has a node here: its log is empty, and nothing can be run in it, as for any pod that is
/// not scheduled yet.
/// </summary>
internal static class PodStreams
{
    public const string Log = "log";

    public static readonly IReadOnlyList<string> Names = ["attach", "exec", Log, "portforward"];

    public static void Answer(ApiRequest request, JsonObject pod)
    {
        if (request.Path.Subresource != Log)
        {
            throw ApiErrors.BadRequest($"pod {request.Name} does not have a host assigned");
        }

        if (request.Verb != "get")
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var containers = pod.Object("spec")?.Objects("containers").Select(c => c.String("name")).ToList() ?? [];
        var wanted = request.Query("container") is { Length: > 0 } named ? named : containers is [var only] ? only : null;
        if (wanted is null)
        {
            throw ApiErrors.BadRequest($"a container name must be specified for pod {request.Name}, choose one of: [{string.Join(' ', containers)}]");
        }

        if (!containers.Contains(wanted))
        {
            throw ApiErrors.BadRequest($"container {wanted} is not valid for pod {request.Name}");
        }

        request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
