using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Authorization;

/// <summary><c>serviceaccounts/NAME/token</c>: a token as which a pod of the account would authenticate.</summary>
/// <param name="store">Where service accounts are.</param>
/// <param name="issue">Makes a token for a namespace and name.</param>
/// <param name="time">From when the token's validity counts.</param>
internal sealed class TokenEndpoint(ObjectStore store, Func<string, string, string> issue, TimeProvider time)
{
    private const long DefaultSeconds = 3600;

    public async Task IssueAsync(ApiRequest request)
    {
        if (request.Verb != "create")
        {
            throw ApiErrors.VerbNotSupported(request.Kind, request.Verb);
        }

        var ns = request.Namespace ?? "";
        if (store.Get(request.Kind.Collection, StoredObject.KeyOf(ns, request.Name)) is null)
        {
            throw ApiErrors.NotFound(request.Kind, request.Name);
        }

        var body = await RequestBody.ReadObjectAsync(request.Http.Request, "TokenRequest", request.Aborted);
        var seconds = body.Object("spec").Integer("expirationSeconds") ?? DefaultSeconds;
        await ResponseWriter.WriteAsync(request.Http, 201, new JsonObject
        {
            ["kind"] = "TokenRequest",
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["metadata"] = new JsonObject { ["name"] = request.Name, ["namespace"] = ns, ["creationTimestamp"] = ObjectMeta.Time(time.GetUtcNow()) },
            ["spec"] = new JsonObject
            {
                ["audiences"] = body.Object("spec").Array("audiences")?.DeepClone() ?? new JsonArray("https://kubernetes.default.svc"),
                ["expirationSeconds"] = seconds,
                ["boundObjectRef"] = null,
            },
            ["status"] = new JsonObject { ["token"] = issue(ns, request.Name), ["expirationTimestamp"] = ObjectMeta.Time(time.GetUtcNow().AddSeconds(seconds)) },
        });
    }
}
