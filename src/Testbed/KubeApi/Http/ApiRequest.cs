using Modestano.Testbed.KubeApi.Authorization;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Http;

/// <summary>A request for a resource whose kind and user are known.</summary>
internal sealed class ApiRequest(HttpContext http, RequestPath path, string verb, KubeUser user, ResourceKind kind)
{
    public HttpContext Http { get; } = http;

    public RequestPath Path { get; } = path;

    /// <summary>get, list, watch, create, update, patch, delete or deletecollection.</summary>
    public string Verb { get; } = verb;

    public KubeUser User { get; } = user;

    public ResourceKind Kind { get; } = kind;

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The namespace of the path; null for cluster-scoped kinds and for all namespaces.</summary>
    public string? Namespace => Kind.Namespaced ? Path.Namespace : null;

    public string Name => Path.Name ?? "";

    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var values) ? values.LastOrDefault() : null;

    public bool QueryFlag(string name) => Query(name) is "true" or "1" or "True";

    public static string VerbOf(string method, RequestPath path, bool watch) => (method, path.Name) switch
    {
        ("GET", _) when path.IsWatch => "watch",
        // A GET of one object answers with it even where a watch is asked for; one object is watched by a field selector.
        ("GET" or "HEAD", null) when watch => "watch",
        ("GET" or "HEAD", null) => "list",
        ("GET" or "HEAD", _) => "get",
        ("POST", _) => "create",
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        ("DELETE", null) => "deletecollection",
        ("DELETE", _) => "delete",
        _ => "",
    };
}
