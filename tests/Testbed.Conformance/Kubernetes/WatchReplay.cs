using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Modestano.Testbed.Tests.KubeApi;

namespace Modestano.Testbed.Conformance.Kubernetes;

/// <summary>
/// Opens a recorded watch and follows it event by event. The changes that the watch reports were made by the recorder while it ran, outside the
/// recording; each is made here when the stream has come to it.
/// </summary>
internal sealed partial class WatchReplay(TestServer server, RecordedAnswer answers, UnrecordedHands hands)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task PlayAsync(RecordedExchange exchange, Action<string> report)
    {
        var path = Timeout().Replace(answers.Fill(exchange.Request.Path), "timeoutSeconds=60");
        foreach (var seen in exchange.Lines!.OfType<JsonObject>().TakeWhile(l => l["type"]?.GetValue<string>() == "ADDED"))
        {
            await BeforeTheStartAsync(path, seen);
        }

        await using var watch = await server.WatchAsync(path, exchange.Request.Accept);
        var number = 0;
        foreach (var line in exchange.Lines!.OfType<JsonObject>())
        {
            await ChangeAsync(path, line);
            if (line["type"]?.GetValue<string>() == "BOOKMARK")
            {
                // When bookmarks come depends on how long the watch stays open: WatchTests.
                continue;
            }

            var next = watch.NextAsync();
            if (await Task.WhenAny(next, Task.Delay(Limit)) != next)
            {
                report($"line {number}: nothing came; wanted {line["type"]}");
                return;
            }

            foreach (var difference in answers.Compare(line, await next, withManagedFields: false))
            {
                report($"line {number}{difference}");
            }

            number++;
        }
    }

    // What a watch without resourceVersion shows first is there before it starts.
    private async Task BeforeTheStartAsync(string path, JsonObject line)
    {
        if (!path.Contains("resourceVersion=", StringComparison.Ordinal) || path.Contains("resourceVersion=0", StringComparison.Ordinal))
        {
            await ChangeAsync(path, line);
        }
    }

    private async Task ChangeAsync(string path, JsonObject line)
    {
        if (line["object"] is not JsonObject { } changed || changed["metadata"]?["uid"] is null)
        {
            return;
        }

        var place = UnrecordedHands.PathOf(path.Split('?')[0], changed);
        switch (line["type"]!.GetValue<string>())
        {
            case "ADDED" or "MODIFIED":
                await hands.WriteAsync(place, changed);
                break;
            case "DELETED" when !answers.Knows(changed["metadata"]!["resourceVersion"]!.GetValue<string>()):
                await hands.RemoveAsync(place);
                break;
        }
    }

    [GeneratedRegex(@"timeoutSeconds=(\d+|<[^>]+>)")]
    private static partial Regex Timeout();
}
