using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.BuiltIn;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.ServerSideApply;
using Modestano.Testbed.KubeApi.Storage;
using Modestano.Testbed.KubeApi.Tables;

namespace Modestano.Testbed.KubeApi.Resources;

/// <summary>Answers requests for single objects.</summary>
internal sealed class ResourceEndpoint(
    ObjectStore store,
    ObjectCreation creation,
    ObjectUpdate update,
    ObjectDeletion deletion,
    PatchEndpoint patches,
    FieldOwnership ownership,
    TimeProvider time)
{
    public async Task GetAsync(ApiRequest request)
    {
        await ListEndpoint.AwaitRevisionAsync(request, store, time);
        var stored = store.Get(request.Kind.Collection, StoredObject.KeyOf(request.Namespace, request.Name))
            ?? throw ApiErrors.NotFound(request.Kind, request.Name);
        var obj = request.Kind.View(stored);
        await AnswerAsync(request, 200, request.Path.Subresource == "scale" ? Scale.Of(obj, request.Kind) : obj);
    }

    /// <summary>Answers what a real server would ask the pod's node for.</summary>
    public void Stream(ApiRequest request)
    {
        var stored = store.Get(request.Kind.Collection, StoredObject.KeyOf(request.Namespace, request.Name))
            ?? throw ApiErrors.NotFound(request.Kind, request.Name);
        PodStreams.Answer(request, stored.Value);
    }

    public async Task CreateAsync(ApiRequest request)
    {
        if (request.Kind.Namespaced && request.Namespace is null)
        {
            await ResponseWriter.WriteTextAsync(request.Http, 404, "404 page not found\n");
            return;
        }

        if (request.Path.Name is not null && !request.Kind.IsCustom)
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var options = WriteOptions.From(request, "CreateOptions");
        var body = await RequestBody.ReadObjectAsync(request.Http.Request, request.Kind.Kind, request.Aborted);
        var created = creation.Create(request.Kind, request.Namespace, body, options, ownership);
        await AnswerAsync(request, 201, created, options);
    }

    public async Task ReplaceAsync(ApiRequest request)
    {
        RequireName(request);
        var options = WriteOptions.From(request, "UpdateOptions");
        var body = await RequestBody.ReadObjectAsync(request.Http.Request, request.Kind.Kind, request.Aborted);
        if (request.Path.Subresource == "scale")
        {
            var scaled = update.Update(request.Kind, request.Namespace, request.Name, "scale", old => Scale.Apply(old, body, request.Kind), options, ownership);
            await AnswerAsync(request, 200, Scale.Of(scaled, request.Kind), options);
            return;
        }

        if (request.Kind.Strategy.AllowsCreateOnUpdate && request.Path.Subresource is null
            && store.Get(request.Kind.Collection, StoredObject.KeyOf(request.Namespace, request.Name)) is null)
        {
            ObjectIntake.CheckIdentity(body, request.Kind, request.Namespace, request.Name);
            if (ObjectMeta.Uid(body) is { Length: > 0 } uid)
            {
                throw ApiErrors.GoneObject(request.Kind, request.Namespace, request.Name, uid);
            }

            ObjectMeta.Of(body).Remove("resourceVersion");
            await AnswerAsync(request, 201, creation.Create(request.Kind, request.Namespace, body, options, ownership), options);
            return;
        }

        var updated = update.Update(request.Kind, request.Namespace, request.Name, request.Path.Subresource, _ => Replacement(request, body), options, ownership);
        await AnswerAsync(request, 200, updated, options);
    }

    public async Task PatchAsync(ApiRequest request)
    {
        RequireName(request);
        var (code, obj, options) = await patches.PatchAsync(request);
        await AnswerAsync(request, code, request.Path.Subresource == "scale" ? Scale.Of(obj, request.Kind) : obj, options);
    }

    public async Task DeleteAsync(ApiRequest request)
    {
        var options = await DeleteRequest.ReadAsync(request);
        if (deletion.Delete(request.Kind, request.Namespace, request.Name, options, out var last) is { } kept)
        {
            await AnswerAsync(request, 200, kept);
            return;
        }

        if (request.Kind.ReturnsDeleted)
        {
            await AnswerAsync(request, 200, last);
            return;
        }

        var details = ApiErrors.ResourceDetails(request.Kind, request.Name);
        details["uid"] = ObjectMeta.Uid(last);
        await ResponseWriter.WriteAsync(request.Http, 200, new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        });
    }

    private static void RequireName(ApiRequest request)
    {
        if (request.Path.Name is null)
        {
            throw ApiErrors.BadRequest("name must be provided");
        }
    }

    /// <summary>The body of a PUT; without a resourceVersion only kinds that allow it are replaced.</summary>
    private static JsonObject Replacement(ApiRequest request, JsonObject body)
    {
        var version = ObjectMeta.ResourceVersion(body);
        if (version is "" or "0" && !request.Kind.Strategy.AllowsUnconditionalUpdate)
        {
            throw ApiErrors.WithoutVersion(request.Kind, request.Name);
        }

        return (JsonObject)body.DeepClone();
    }

    private Task AnswerAsync(ApiRequest request, int code, JsonObject obj, WriteOptions? options = null)
    {
        foreach (var warning in options?.Warnings.Distinct(StringComparer.Ordinal) ?? [])
        {
            request.Http.Response.Headers.Append("Warning", $"299 - \"{warning.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }

        var accept = AcceptHeader.Parse(request.Http.Request.Headers.Accept);
        JsonObject body = accept.Form switch
        {
            AnswerForm.Table => new TableBuilder(request.Path.Subresource == "scale" ? request.Kind with { Columns = Scale.Columns } : request.Kind, accept.TableVersion, request.Query("includeObject"), time.GetUtcNow())
                .Build([obj], new JsonObject { ["resourceVersion"] = ObjectMeta.ResourceVersion(obj) }),
            AnswerForm.PartialMetadata => TableBuilder.PartialMetadata(obj, "v1"),
            _ => obj,
        };
        return ResponseWriter.WriteAsync(request.Http, code, body, accept.Form == AnswerForm.Yaml);
    }
}
