using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Modestano.Testbed.Tests.KubeApi;

namespace Modestano.Testbed.Conformance.Kubernetes;

/// <summary>
/// Brings the embedded server to the state in which the recorder's own, unrecorded, writes had brought the real one. What a read shows under a
/// resourceVersion that no replayed answer has named was written by such hands, and is written here before the read. An answer to a replayed write
/// names its resourceVersion, so that whatever the recording shows to be the work of the server is never prepared.
/// </summary>
internal sealed partial class UnrecordedHands(TestServer server, RecordedAnswer answers)
{
    private static readonly string[] OfTheServer = ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "deletionTimestamp", "deletionGracePeriodSeconds"];

    private readonly HashSet<string> written = new(StringComparer.Ordinal);

    public async Task PrepareAsync(RecordedExchange exchange)
    {
        var path = answers.Fill(exchange.Request.Path).Split('?')[0];
        if (exchange.Request.Method == "DELETE" && exchange.Code != 404)
        {
            await BeforeDeletionAsync(path, exchange.Answer as JsonObject);
        }
        else if (exchange is { Request: { Method: "PUT", Body: JsonObject body }, Code: 200 } && body["metadata"]?["resourceVersion"] is JsonValue version
            && await server.GetAsync(path) is { Code: 200 } current)
        {
            // The recorder had read the object.
            answers.IsSame(version.GetValue<string>(), current.Body["metadata"]!["resourceVersion"]!.GetValue<string>());
            answers.IsSame(body["metadata"]!["uid"]?.GetValue<string>() ?? "", current.Body["metadata"]!["uid"]!.GetValue<string>());
        }

        if (!exchange.IsRead || exchange.Request.User is not null || exchange.Request.Path.Contains("Match=Exact", StringComparison.Ordinal))
        {
            return;
        }

        if (exchange.Code == 404 && NamedObject().IsMatch(path) && !written.Contains(path))
        {
            await RemoveAsync(path);
        }
        else if (exchange is { Code: 200, Answer: JsonObject answer })
        {
            if (answer["metadata"]?["uid"] is not null)
            {
                await WriteAsync(path.EndsWith("/status", StringComparison.Ordinal) ? path[..^7] : path, answer);
            }
            else if (answer["items"] is JsonArray items && answer["kind"]?.GetValue<string>().EndsWith("List", StringComparison.Ordinal) == true)
            {
                if (!exchange.Request.Path.Contains("elector", StringComparison.Ordinal) && !exchange.Request.Path.Contains("continue", StringComparison.Ordinal) && answer["metadata"]?["continue"]?.GetValue<string>() is null or "")
                {
                    await RemoveOthersAsync(path, items);
                }

                foreach (var item in items.OfType<JsonObject>().Where(i => i["metadata"]?["uid"] is not null))
                {
                    await WriteAsync(PathOf(path, item), item);
                }
            }
        }
    }

    /// <summary>Remembers what the replay itself wrote.</summary>
    public void Saw(RecordedExchange exchange)
    {
        if (!exchange.IsRead)
        {
            written.Add(answers.Fill(exchange.Request.Path).Split('?')[0]);
        }
    }

    /// <summary>Creates or replaces an object, its status and its being deleted.</summary>
    public async Task WriteAsync(string path, JsonObject wanted)
    {
        if (answers.Knows(wanted["metadata"]!["resourceVersion"]?.GetValue<string>() ?? "<rv-0>"))
        {
            return;
        }

        await server.Server.SettleAsync();
        var found = await server.GetAsync(path);
        if ((found.Code == 200 && answers.Looks(wanted, found.Body)) || path.Contains("/customresourcedefinitions/", StringComparison.Ordinal))
        {
            return;
        }

        var value = Writable(wanted);
        if (found.Code != 200)
        {
            Check(await server.SendAsync("POST", path[..path.LastIndexOf('/')], value.ToJsonString()), path);
        }
        else
        {
            value["metadata"]!["resourceVersion"] = found.Body["metadata"]!["resourceVersion"]!.GetValue<string>();
            Check(await server.SendAsync("PUT", path, value.ToJsonString()), path);
        }

        if (value["status"] is not null && path.Contains("/apis/example.com/", StringComparison.Ordinal))
        {
            value["metadata"]!["resourceVersion"] = (await server.GetAsync(path)).Body["metadata"]!["resourceVersion"]!.GetValue<string>();
            Check(await server.SendAsync("PUT", path + "/status", value.ToJsonString()), path);
        }

        if (wanted["metadata"]!["deletionTimestamp"] is not null && found.Body["metadata"]?["deletionTimestamp"] is null)
        {
            await server.SendAsync("DELETE", path);
        }
    }

    public async Task RemoveAsync(string path)
    {
        if ((await server.SendAsync("DELETE", path)).Code == 200)
        {
            await server.SendAsync("PATCH", path, """{"metadata":{"finalizers":null}}""", TestServer.MergePatch);
        }
    }

    // What a DELETE answers was there; of an object that goes at once, the answer has the name and the uid only.
    private async Task BeforeDeletionAsync(string path, JsonObject? answer)
    {
        if (answer?["items"] is JsonArray items)
        {
            foreach (var item in items.OfType<JsonObject>().Where(i => i["kind"]?.GetValue<string>() == "Widget"))
            {
                await WriteAsync(PathOf(path, item), Alive(item));
            }
        }
        else if (Widget().IsMatch(path) && (await server.GetAsync(path)).Code == 404)
        {
            var gone = new JsonObject
            {
                ["apiVersion"] = "example.com/v1alpha1",
                ["kind"] = "Widget",
                ["metadata"] = new JsonObject { ["name"] = path[(path.LastIndexOf('/') + 1)..] },
                ["spec"] = JsonNode.Parse("""{"title":"First","ports":[{"name":"http","port":80},{"name":"dns","port":53,"protocol":"UDP"}],"tags":["a","b"],"limit":"25%","ratio":1.5}"""),
            };
            await WriteAsync(path, answer?["metadata"]?["uid"] is null ? gone : Alive(answer));
        }

        if (answer?["details"]?["uid"] is JsonValue uid && await server.GetAsync(path) is { Code: 200 } found)
        {
            answers.IsSame(uid.GetValue<string>(), found.Body["metadata"]!["uid"]!.GetValue<string>());
        }
    }

    private static JsonObject Alive(JsonObject deleted)
    {
        var alive = deleted.DeepClone().AsObject();
        var metadata = alive["metadata"]!.AsObject();
        metadata.Remove("deletionTimestamp");
        if (metadata["finalizers"] is JsonArray finalizers)
        {
            metadata["finalizers"] = new JsonArray([.. finalizers.Select(f => f!.GetValue<string>()).Where(f => f is not ("foregroundDeletion" or "orphan")).Select(f => JsonValue.Create(f))]);
        }

        return alive;
    }

    // A whole list shows what is gone, too.
    private async Task RemoveOthersAsync(string collection, JsonArray items)
    {
        var kept = items.OfType<JsonObject>().Select(i => PathOf(collection, i)).ToHashSet(StringComparer.Ordinal);
        var answer = await server.GetAsync(collection);
        var found = answer.Code == 200 ? answer.Body["items"]!.AsArray() : [];
        foreach (var item in found.OfType<JsonObject>())
        {
            var path = PathOf(collection, item);
            if (Widget().IsMatch(path) && !kept.Contains(path) && (!written.Contains(path) || item["metadata"]!["deletionTimestamp"] is not null))
            {
                await RemoveAsync(path);
            }
        }
    }

    /// <summary>The path of a listed object.</summary>
    public static string PathOf(string collection, JsonObject item)
    {
        var name = item["metadata"]!["name"]!.GetValue<string>();
        var ns = item["metadata"]!["namespace"]?.GetValue<string>();
        var plural = collection[(collection.LastIndexOf('/') + 1)..];
        return ns is null || collection.Contains($"/namespaces/{ns}/", StringComparison.Ordinal)
            ? $"{collection}/{name}"
            : $"{collection[..^plural.Length]}namespaces/{ns}/{plural}/{name}";
    }

    private JsonObject Writable(JsonObject wanted)
    {
        var value = JsonNode.Parse(answers.Fill(wanted.ToJsonString()))!.AsObject();
        foreach (var field in OfTheServer)
        {
            value["metadata"]!.AsObject().Remove(field);
        }

        return value;
    }

    private static void Check(Answer answer, string path) => Assert.That(answer.Code, Is.AnyOf(200, 201), $"preparing {path}: {answer.Text}");

    [GeneratedRegex(@"^/apis/example\.com/v1alpha1/namespaces/[^/]+/widgets/[^/]+$")]
    private static partial Regex Widget();

    [GeneratedRegex(@"^(/api/v1|/apis/[^/]+/[^/]+)(/namespaces/[^/]+)?/[^/]+/[^/]+$")]
    private static partial Regex NamedObject();
}
