using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Authorization;

/// <summary>Reviews, which are answered and never stored: who am I, whose token is this, may I, may they, what may I.</summary>
internal sealed class ReviewEndpoint(Authenticator authenticator, RbacAuthorizer authorizer)
{
    private const string AuthorizationGroup = "authorization.k8s.io";
    private const string AuthenticationGroup = "authentication.k8s.io";

    /// <summary>The kinds, for discovery.</summary>
    public static IEnumerable<ResourceKind> Kinds() =>
    [
        Kind(AuthorizationGroup, "SelfSubjectAccessReview", namespaced: false),
        Kind(AuthorizationGroup, "SelfSubjectRulesReview", namespaced: false),
        Kind(AuthorizationGroup, "SubjectAccessReview", namespaced: false),
        Kind(AuthorizationGroup, "LocalSubjectAccessReview", namespaced: true),
        Kind(AuthenticationGroup, "SelfSubjectReview", namespaced: false),
        Kind(AuthenticationGroup, "TokenReview", namespaced: false),
    ];

    /// <returns>False where the path is no review.</returns>
    public async Task<bool> TryAnswerAsync(HttpContext http, RequestPath path, KubeUser user)
    {
        if (path.Group is not (AuthorizationGroup or AuthenticationGroup) || path.Version != "v1" || !Kinds().Any(k => k.Group == path.Group && k.Plural == path.Resource))
        {
            return false;
        }

        if (!HttpMethods.IsPost(http.Request.Method) || path.Name is not null)
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var kind = Kinds().First(k => k.Group == path.Group && k.Plural == path.Resource);
        var body = await RequestBody.ReadObjectAsync(http.Request, kind.Kind, http.RequestAborted);
        var spec = body.Object("spec") ?? [];
        var answer = new JsonObject
        {
            ["kind"] = kind.Kind,
            ["apiVersion"] = kind.GroupVersion,
            ["metadata"] = new JsonObject { ["creationTimestamp"] = null },
        };
        if (kind.Kind == "SelfSubjectReview")
        {
            answer["status"] = new JsonObject { ["userInfo"] = Info(user) };
        }
        else if (kind.Kind == "TokenReview")
        {
            answer["spec"] = spec.DeepClone();
            answer["status"] = Owner(spec);
        }
        else
        {
            answer["spec"] = spec.DeepClone();
            answer["status"] = kind.Kind == "SelfSubjectRulesReview" ? Rules(user, spec) : Access(kind.Kind == "SelfSubjectAccessReview" ? user : Subject(spec), spec);
        }

        await ResponseWriter.WriteAsync(http, 201, answer);
        return true;
    }

    private JsonObject Owner(JsonObject spec)
    {
        if (spec.String("token") is not { Length: > 0 } token)
        {
            throw ApiErrors.BadRequest("token is required for TokenReview in authentication");
        }

        return authenticator.Find(token) is { } user
            ? new JsonObject { ["authenticated"] = true, ["user"] = Info(user), ["audiences"] = new JsonArray("https://kubernetes.default.svc") }
            : new JsonObject { ["user"] = new JsonObject(), ["error"] = "invalid bearer token" };
    }

    private static JsonObject Info(KubeUser user) => new() { ["username"] = user.Name, ["groups"] = Strings(user.Groups) };

    private JsonObject Access(KubeUser user, JsonObject spec)
    {
        var (resource, other) = (spec.Object("resourceAttributes"), spec.Object("nonResourceAttributes"));
        if ((resource is null) == (other is null))
        {
            throw ApiErrors.Invalid(AuthorizationGroup, "SelfSubjectAccessReview", "", [new("spec", "Invalid value: exactly one of nonResourceAttributes or resourceAttributes must be specified", "FieldValueInvalid")]);
        }

        var question = resource is not null
            ? new AccessQuestion(resource.String("verb") ?? "")
            {
                Group = resource.String("group") ?? "",
                Resource = resource.String("resource") ?? "",
                Subresource = resource.String("subresource") ?? "",
                Namespace = resource.String("namespace") ?? "",
                Name = resource.String("name") ?? "",
            }
            : new AccessQuestion(other.String("verb") ?? "") { Path = other.String("path") ?? "" };
        return new JsonObject { ["allowed"] = authorizer.Allows(user, question) };
    }

    private JsonObject Rules(KubeUser user, JsonObject spec)
    {
        var rules = user.Groups.Contains(KubeUser.Masters, StringComparer.Ordinal)
            ? [Everything("apiGroups", "resources"), Everything("nonResourceURLs")]
            : authorizer.Rules(user, spec.String("namespace") ?? "").Select(r => (JsonObject)r.DeepClone()).ToList();
        return new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. rules.Where(r => !r.ContainsKey("nonResourceURLs"))]),
            ["nonResourceRules"] = new JsonArray([.. rules.Where(r => r.ContainsKey("nonResourceURLs"))]),
            ["incomplete"] = false,
        };
    }

    private static JsonObject Everything(params string[] lists)
    {
        var rule = new JsonObject { ["verbs"] = new JsonArray("*") };
        foreach (var list in lists)
        {
            rule[list] = new JsonArray("*");
        }

        return rule;
    }

    private static KubeUser Subject(JsonObject spec) => new(spec.String("user") ?? "", spec.Strings("groups"));

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode?)JsonValue.Create(v))]);

    private static ResourceKind Kind(string group, string kind, bool namespaced) => new()
    {
        Group = group,
        Version = "v1",
        Kind = kind,
        ListKind = kind + "List",
        Plural = kind.ToLowerInvariant() + "s",
        Singular = kind.ToLowerInvariant(),
        Namespaced = namespaced,
        Verbs = ["create"],
    };
}
