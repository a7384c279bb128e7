using System.Text.Json.Nodes;

namespace Modestano.Testbed.Tests.KubeApi;

/// <summary>Reads a watch line by line.</summary>
internal sealed class WatchReader(HttpResponseMessage response, Stream stream) : IAsyncDisposable
{
    private readonly StreamReader reader = new(stream);

    /// <returns>Null at the end of the watch.</returns>
    public async Task<JsonNode?> NextAsync()
    {
        var line = await reader.ReadLineAsync();
        Assert.That(line, Is.Null.Or.Not.Empty, "a watch holds no empty lines");
        return line is null ? null : JsonNode.Parse(line);
    }

    /// <summary>The next event as <c>TYPE name</c>.</summary>
    public async Task<string> NextTextAsync() => await NextAsync() is { } change ? $"{change["type"]} {change["object"]!["metadata"]?["name"]}".TrimEnd() : "end";

    public async Task<JsonNode> UntilAsync(Func<JsonNode, bool> condition)
    {
        while (await NextAsync() is { } change)
        {
            if (condition(change))
            {
                return change;
            }
        }

        throw new AssertionException("the watch ended before what was waited for");
    }

    /// <summary>Everything up to the end.</summary>
    public async Task<IReadOnlyList<string>> RestAsync()
    {
        var rest = new List<string>();
        while (await NextTextAsync() is not "end" and var text)
        {
            rest.Add(text);
        }

        return rest;
    }

    public ValueTask DisposeAsync()
    {
        reader.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
