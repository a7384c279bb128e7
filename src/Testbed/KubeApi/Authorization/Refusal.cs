using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;

namespace Modestano.Testbed.KubeApi.Authorization;

/// <summary>The 403 that names user, verb, resource and place.</summary>
internal static class Refusal
{
    public static ApiException Of(KubeUser user, AccessQuestion question)
    {
        if (question.Path.Length > 0)
        {
            return new ApiException(403, "Forbidden", $"forbidden: User \"{user.Name}\" cannot {question.Verb} path \"{question.Path}\"", new JsonObject());
        }

        var details = new JsonObject();
        if (question.Name.Length > 0)
        {
            details["name"] = question.Name;
        }

        if (question.Group.Length > 0)
        {
            details["group"] = question.Group;
        }

        details["kind"] = question.Resource;
        var place = question.Namespace.Length > 0 ? $"in the namespace \"{question.Namespace}\"" : "at the cluster scope";
        var qualified = question.Group.Length == 0 ? question.Resource : $"{question.Resource}.{question.Group}";
        var why = $"User \"{user.Name}\" cannot {question.Verb} resource \"{question.FullResource}\" in API group \"{question.Group}\" {place}";
        return ApiErrors.Forbidden(qualified, question.Name, why, details);
    }
}
