using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;
using Modestano.Testbed.KubeApi.Tables;

namespace Modestano.Testbed.KubeApi.Watching;

/// <summary>Writes the lines of one watch.</summary>
internal sealed class WatchLines(ApiRequest request, AcceptHeader accept, TimeProvider time)
{
    private bool columnsSent;

    /// <summary>At least one line went out.</summary>
    public bool HasWritten { get; private set; }

    public Task EventAsync(string type, StoredObject stored)
    {
        if (accept.Form == AnswerForm.Json && request.Kind.FromStorage is null)
        {
            return LineAsync(type, stored.Json);
        }

        return LineAsync(type, JsonText.Encode(Shown(request.Kind.View(stored))));
    }

    /// <summary>A bookmark; nothing where there is no news to tell and the watch must not stay empty.</summary>
    public async Task BookmarkAsync(long? revision)
    {
        if (revision is null)
        {
            return;
        }

        var bookmark = new JsonObject
        {
            ["kind"] = request.Kind.Kind,
            ["apiVersion"] = request.Kind.GroupVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = revision.Value.ToString(CultureInfo.InvariantCulture) },
        };
        await LineAsync("BOOKMARK", JsonText.Encode(bookmark));
    }

    public Task ErrorAsync(ApiException error) => LineAsync("ERROR", JsonText.Encode(error.ToStatus()));

    private JsonObject Shown(JsonObject obj)
    {
        switch (accept.Form)
        {
            case AnswerForm.Table:
                var table = new TableBuilder(request.Kind, accept.TableVersion, request.Query("includeObject"), time.GetUtcNow())
                    .Build([obj], new JsonObject { ["resourceVersion"] = ObjectMeta.ResourceVersion(obj) }, withColumns: !columnsSent);
                columnsSent = true;
                return table;
            case AnswerForm.PartialMetadata:
                return TableBuilder.PartialMetadata(obj, "v1");
            default:
                return obj;
        }
    }

    private async Task LineAsync(string type, ReadOnlyMemory<byte> obj)
    {
        var body = request.Http.Response.Body;
        byte[] line = [.. Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"object\":"), .. obj.Span, .. "}\n"u8];
        await body.WriteAsync(line, request.Aborted);
        await body.FlushAsync(request.Aborted);
        HasWritten = true;
    }
}
