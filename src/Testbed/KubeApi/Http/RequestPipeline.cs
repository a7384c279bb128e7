using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Authorization;
using Modestano.Testbed.KubeApi.Discovery;
using Modestano.Testbed.KubeApi.Faults;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Storage;
using Modestano.Testbed.KubeApi.Watching;

namespace Modestano.Testbed.KubeApi.Http;

/// <summary>Takes a request from authentication through authorization to its endpoint, and turns failures into Status answers.</summary>
internal sealed class RequestPipeline(
    Authenticator authenticator,
    RbacAuthorizer authorizer,
    ResourceRegistry registry,
    DiscoveryEndpoint discovery,
    ResourceEndpoint resources,
    ListEndpoint lists,
    WatchEndpoint watches,
    ReviewEndpoint reviews,
    TokenEndpoint tokens,
    FaultInjector faults,
    RequestLog log)
{
    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            await RouteAsync(http);
        }
        catch (ApiException e)
        {
            await ResponseWriter.WriteErrorAsync(http, e);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client went away; nobody is left to answer.
            http.Abort();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.Unexpected(e);
            await ResponseWriter.WriteErrorAsync(http, new ApiException(500, "InternalError", $"Internal error occurred: {e.GetType().Name}: {e.Message}", new JsonObject()));
        }
    }

    private async Task RouteAsync(HttpContext http)
    {
        var path = RequestPath.Parse(http.Request.Path.Value ?? "/");
        var isWatch = path.IsWatch || http.Request.Query["watch"].LastOrDefault() is "true" or "1";
        var verb = ApiRequest.VerbOf(http.Request.Method, path, isWatch);
        var user = Impersonated(http.Request, authenticator.Authenticate(http.Request));
        var seen = new KubeRequest(verb, path.Group, path.Version, path.Resource ?? "", path.Subresource ?? "", path.Namespace ?? "", path.Name ?? "", user.Name, path.Raw);
        log.Count(seen);
        if (faults.Take(seen) is { } fault)
        {
            await fault.ApplyAsync(http);
            return;
        }

        if (path.Resource is null)
        {
            Authorize(user, seen, new AccessQuestion(http.Request.Method.ToLowerInvariant()) { Path = path.Raw });
            await discovery.AnswerAsync(http, path.Raw);
            return;
        }

        Authorize(user, seen, new AccessQuestion(verb)
        {
            Group = path.Group,
            Resource = path.Resource,
            Subresource = path.Subresource ?? "",
            Namespace = path.Namespace ?? "",
            Name = path.Name ?? NameOf(http.Request) ?? "",
        });
        if (await reviews.TryAnswerAsync(http, path, user))
        {
            return;
        }

        if (registry.Find(path.Group, path.Version, path.Resource) is { } kind && (kind.Namespaced || path.Namespace is null || path.Resource == "namespaces"))
        {
            await DispatchAsync(new ApiRequest(http, path, verb, user, kind));
        }
        else if (registry.HasBuiltInGroupVersion(path.Group, path.Version))
        {
            throw ApiErrors.NoSuchResource();
        }
        else
        {
            await ResponseWriter.WriteTextAsync(http, 404, "404 page not found\n");
        }
    }

    private Task DispatchAsync(ApiRequest request)
    {
        var (kind, subresource) = (request.Kind, request.Path.Subresource);
        if (subresource == "token" && kind.OtherSubresources.Contains(subresource, StringComparer.Ordinal))
        {
            return tokens.IssueAsync(request);
        }

        if (subresource is not null && kind.OtherSubresources.Contains(subresource, StringComparer.Ordinal))
        {
            resources.Stream(request);
            return Task.CompletedTask;
        }

        if (subresource is not null && !(subresource == "status" && kind.HasStatus) && !(subresource == "scale" && kind.Scale is not null))
        {
            throw ApiErrors.NoSuchResource();
        }

        if (subresource is not null && request.Verb is "create" or "delete" || (subresource is null && !kind.Verbs.Contains(request.Verb, StringComparer.Ordinal)))
        {
            throw ApiErrors.VerbNotSupported(kind, request.Verb);
        }

        return request.Verb switch
        {
            "get" => resources.GetAsync(request),
            "list" => lists.ListAsync(request),
            "watch" => watches.WatchAsync(request),
            "create" => resources.CreateAsync(request),
            "update" => resources.ReplaceAsync(request),
            "patch" => resources.PatchAsync(request),
            "delete" => resources.DeleteAsync(request),
            "deletecollection" => lists.DeleteCollectionAsync(request),
            _ => throw ApiErrors.VerbNotSupported(kind, request.Verb),
        };
    }

    /// <summary>A list or watch of exactly one name counts as a request for that name.</summary>
    private static string? NameOf(HttpRequest request)
    {
        const string term = "metadata.name=";
        var selector = request.Query["fieldSelector"].LastOrDefault() ?? "";
        return selector.Split(',').FirstOrDefault(t => t.StartsWith(term, StringComparison.Ordinal))?[term.Length..].TrimStart('=');
    }

    private KubeUser Impersonated(HttpRequest request, KubeUser user)
    {
        if (request.Headers["Impersonate-User"].FirstOrDefault() is not { Length: > 0 } name)
        {
            return user;
        }

        var question = new AccessQuestion("impersonate") { Resource = "users", Name = name };
        if (!authorizer.Allows(user, question))
        {
            throw Refusal.Of(user, question);
        }

        var groups = request.Headers["Impersonate-Group"].OfType<string>().ToList();
        if (groups.Count > 0)
        {
            return new KubeUser(name, [.. groups, "system:authenticated"]);
        }

        return name.Split(':') is ["system", "serviceaccount", var ns, var account] ? KubeUser.ServiceAccount(ns, account) : new KubeUser(name, ["system:authenticated"]);
    }

    private void Authorize(KubeUser user, KubeRequest seen, AccessQuestion question)
    {
        if (!authorizer.Allows(user, question))
        {
            log.Refuse(seen);
            throw Refusal.Of(user, question);
        }
    }
}
