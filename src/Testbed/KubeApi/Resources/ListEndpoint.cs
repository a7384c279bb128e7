using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;
using Modestano.Testbed.KubeApi.Tables;

namespace Modestano.Testbed.KubeApi.Resources;

/// <summary>Lists, whole or in pages, and deletes collections.</summary>
internal sealed class ListEndpoint(ObjectStore store, ObjectDeletion deletion, TimeProvider time)
{
    private static readonly TimeSpan FutureRevisionWait = TimeSpan.FromSeconds(3);

    private sealed record Page(IReadOnlyList<StoredObject> Items, long Revision, string Continue, int? Remaining);

    public async Task ListAsync(ApiRequest request)
    {
        await AwaitRevisionAsync(request, store, time);
        var page = Read(request);
        await AnswerAsync(request, page);
    }

    public async Task DeleteCollectionAsync(ApiRequest request)
    {
        if (request.Kind.Namespaced && request.Namespace is null)
        {
            await ResponseWriter.WriteTextAsync(request.Http, 404, "404 page not found\n");
            return;
        }

        var options = await DeleteRequest.ReadAsync(request);
        var page = Read(request);
        var deleted = new List<StoredObject>();
        foreach (var item in page.Items)
        {
            try
            {
                var kept = deletion.Delete(request.Kind, request.Namespace, item.Name, options, out _);
                deleted.Add(kept is null ? item : new StoredObject(item.Key, kept, item.Revision));
            }
            catch (ApiException e) when (e.Code == 404)
            {
                // Somebody else deleted it in between, which is what was wanted.
                continue;
            }
        }

        await AnswerAsync(request, new Page(deleted, store.Revision, "", null));
    }

    /// <summary>Waits a little for a resourceVersion that does not exist yet, as the watch cache of the API server does.</summary>
    public static async Task AwaitRevisionAsync(ApiRequest request, ObjectStore store, TimeProvider time)
    {
        if (request.Query("resourceVersion") is not { Length: > 0 } text || request.Query("resourceVersionMatch") == "Exact")
        {
            return;
        }

        var wanted = Revision(text);
        if (wanted <= store.Revision)
        {
            return;
        }

        await Task.Delay(FutureRevisionWait, time, request.Aborted);
        if (wanted > store.Revision)
        {
            throw ApiErrors.RevisionTooLarge(wanted, store.Revision);
        }
    }

    public static long Revision(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : throw ApiErrors.Internal($"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");

    private Page Read(ApiRequest request)
    {
        var labels = LabelSelector.Parse(request.Query("labelSelector"));
        var fields = FieldSelector.Parse(request.Query("fieldSelector"), request.Kind);

        if (request.Query("limit") is { Length: > 0 } text && !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            throw ApiErrors.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
        }

        // A list at resourceVersion 0 comes from the watch cache, which knows no pages.
        var limit = int.TryParse(request.Query("limit"), CultureInfo.InvariantCulture, out var wanted) && wanted > 0 && request.Query("resourceVersion") != "0"
            ? wanted
            : int.MaxValue;
        var (objects, revision) = store.List(request.Kind.Collection);
        var after = "";
        if (request.Query("continue") is { Length: > 0 } token)
        {
            if (request.Query("resourceVersion") is { Length: > 0 } and not "0")
            {
                throw ApiErrors.BadRequest("specifying resource version is not allowed when using continue");
            }

            (var at, after) = ReadToken(token);
            if (at >= 0)
            {
                objects = store.ListAt(request.Kind.Collection, at) ?? throw ApiErrors.ExpiredContinue(Token(-1, after));
                revision = at;
            }
        }
        else if (request.Query("resourceVersionMatch") is { Length: > 0 } match)
        {
            CheckMatch(match, request.Query("resourceVersion"));
        }

        if (request.Query("resourceVersionMatch") == "Exact")
        {
            revision = Revision(request.Query("resourceVersion") ?? "");
            if (revision > store.Revision)
            {
                throw ApiErrors.Internal("etcdserver: mvcc: required revision is a future revision");
            }

            objects = store.ListAt(request.Kind.Collection, revision) ?? throw ApiErrors.ExpiredList();
        }

        var prefix = request.Namespace is null ? "" : request.Namespace + "/";
        var matching = objects
            .Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(p.Key, after) > 0)
            .Select(p => p.Value)
            .Where(o => labels.Matches(o.Value) && fields.Matches(o.Value))
            .ToList();
        if (matching.Count <= limit)
        {
            return new Page(matching, revision, "", null);
        }

        var items = matching[..limit];
        var hasSelector = !labels.IsEmpty || !fields.IsEmpty;
        return new Page(items, revision, Token(revision, items[^1].Key), hasSelector ? null : matching.Count - limit);
    }

    private static void CheckMatch(string match, string? version)
    {
        var problem = version switch
        {
            null or "" => "resourceVersionMatch is forbidden unless resourceVersion is provided",
            "0" when match == "Exact" => "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"",
            _ => null,
        };
        if (problem is not null)
        {
            throw ApiErrors.Invalid("meta.k8s.io", "ListOptions", "", [new("resourceVersionMatch", $"Forbidden: {problem}", "FieldValueForbidden")]);
        }
    }

    private static string Token(long revision, string after) =>
        Base64Url.EncodeToString(JsonText.Encode(new JsonObject { ["v"] = "meta.k8s.io/v1", ["rv"] = revision, ["start"] = after + "\0" }));

    private static (long Revision, string After) ReadToken(string token)
    {
        try
        {
            var json = JsonNode.Parse(Base64Url.DecodeFromChars(token)) as JsonObject;
            if (json.Integer("rv") is { } revision && json.String("start") is { } start)
            {
                return (revision, start.TrimEnd('\0'));
            }
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw ApiErrors.BadRequest($"invalid continue token: continue key is not valid: {e.Message}");
        }

        throw ApiErrors.BadRequest("invalid continue token: continue key is not valid: rv and start are wanted");
    }

    private Task AnswerAsync(ApiRequest request, Page page)
    {
        var accept = AcceptHeader.Parse(request.Http.Request.Headers.Accept);
        var metadata = new JsonObject { ["resourceVersion"] = page.Revision.ToString(CultureInfo.InvariantCulture) };
        if (page.Continue.Length > 0)
        {
            metadata["continue"] = page.Continue;
        }
        else if (request.Kind.IsCustom && accept.Form == AnswerForm.Json)
        {
            metadata.Insert(0, "continue", "");
        }

        if (page.Remaining is { } remaining)
        {
            metadata["remainingItemCount"] = remaining;
        }

        var views = page.Items.Select(request.Kind.View);
        switch (accept.Form)
        {
            case AnswerForm.Table:
                var table = new TableBuilder(request.Kind, accept.TableVersion, request.Query("includeObject"), time.GetUtcNow());
                return ResponseWriter.WriteAsync(request.Http, 200, table.Build(views, metadata));
            case AnswerForm.Json:
                return ResponseWriter.WriteBytesAsync(request.Http, 200, ResponseWriter.Json, Encode(request.Kind, views, metadata));
            default:
                var list = new JsonObject
                {
                    ["kind"] = accept.Form == AnswerForm.PartialMetadata ? "PartialObjectMetadataList" : request.Kind.ListKind,
                    ["apiVersion"] = accept.Form == AnswerForm.PartialMetadata ? "meta.k8s.io/v1" : request.Kind.GroupVersion,
                    ["metadata"] = metadata,
                    ["items"] = new JsonArray([.. views.Select(v => accept.Form == AnswerForm.PartialMetadata ? TableBuilder.PartialMetadata(v, "v1") : v.DeepClone())]),
                };
                return ResponseWriter.WriteAsync(request.Http, 200, list, accept.Form == AnswerForm.Yaml);
        }
    }

    /// <summary>Writes the list without copying its items. Items of built-in kinds are shown without kind and apiVersion.</summary>
    private static byte[] Encode(ResourceKind kind, IEnumerable<JsonObject> items, JsonObject metadata)
    {
        using var stream = new MemoryStream();
        using (var writer = JsonText.NewWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", kind.ListKind);
            writer.WriteString("apiVersion", kind.GroupVersion);
            writer.WritePropertyName("metadata");
            metadata.WriteTo(writer);
            writer.WriteStartArray("items");
            foreach (var item in items)
            {
                writer.WriteStartObject();
                foreach (var (name, value) in item.Where(p => kind.IsCustom || p.Key is not ("kind" or "apiVersion")))
                {
                    writer.WritePropertyName(name);
                    JsonText.Write(writer, value);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        stream.Write(Encoding.UTF8.GetBytes("\n"));
        return stream.ToArray();
    }
}
