using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi;

namespace Modestano.Testbed.Tests.KubeApi;

/// <summary>An API server over plain HTTP, and raw requests to it.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";
    public const string ApplyPatch = "application/apply-patch+yaml";
    public const string Widgets = "/apis/example.com/v1alpha1/namespaces/default/widgets";
    public const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private const string AdminToken = "admin-token";

    private readonly HttpClient client;

    private TestServer(KubeApiServer server)
    {
        Server = server;
        client = new HttpClient { BaseAddress = server.Url, Timeout = TimeSpan.FromSeconds(60) };
    }

    public KubeApiServer Server { get; }

    public static async Task<TestServer> StartAsync(Func<KubeApiOptions, KubeApiOptions>? adjust = null)
    {
        var options = new KubeApiOptions { UseTls = false, AdminToken = AdminToken };
        return new TestServer(await KubeApiServer.StartAsync(adjust?.Invoke(options) ?? options, CancellationToken.None));
    }

    /// <summary>Starts a server that serves the recorded Widget definition.</summary>
    public static async Task<TestServer> StartWithWidgetsAsync(Func<KubeApiOptions, KubeApiOptions>? adjust = null)
    {
        var server = await StartAsync(adjust);
        await server.DefineWidgetsAsync();
        return server;
    }

    public async Task DefineWidgetsAsync() => await DefineAsync(await EmbeddedText("Schema/widgets.yaml"), "widgets.example.com");

    /// <summary>Creates a definition and follows it until it is established.</summary>
    public async Task DefineAsync(string yaml, string name)
    {
        var created = await SendAsync("POST", Definitions, yaml, "application/yaml");
        Assert.That(created.Code, Is.EqualTo(201), created.Text);
        await using var watch = await WatchAsync($"{Definitions}?watch=true&fieldSelector=metadata.name={name}");
        await watch.UntilAsync(e => e["object"]!["status"]?["conditions"]?.AsArray().Any(c => c!["type"]!.GetValue<string>() == "Established" && c["status"]!.GetValue<string>() == "True") == true);
    }

    public Task<Answer> GetAsync(string path, string? accept = null) => SendAsync("GET", path, accept: accept);

    public Task<Answer> SendAsync(
        string method, string path, string? body = null, string contentType = Json, string? accept = null, string? token = AdminToken, string? userAgent = null, (string Name, string Value)? header = null) =>
        SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), contentType, accept, token, userAgent, header);

    public async Task<Answer> SendAsync(
        string method, string path, byte[]? body, string contentType = Json, string? accept = null, string? token = AdminToken, string? userAgent = null, (string Name, string Value)? header = null)
    {
        using var request = Request(method, path, token);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        if (userAgent is not null)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        }

        if (header is { } extra)
        {
            request.Headers.TryAddWithoutValidation(extra.Name, extra.Value);
        }

        using var response = await client.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers.ContentType?.MediaType ?? "");
    }

    public async Task<WatchReader> WatchAsync(string path, string? accept = null)
    {
        var request = Request("GET", path, AdminToken);
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That((int)response.StatusCode, Is.EqualTo(200));
        return new WatchReader(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>Creates a widget; <paramref name="metadata"/> is added to its name, as in <c>"labels":{"a":"b"}</c>.</summary>
    public async Task<JsonNode> CreateWidgetAsync(string name, string spec = """{"title":"t"}""", string metadata = "")
    {
        var extra = metadata.Length == 0 ? "" : "," + metadata;
        var answer = await SendAsync("POST", Widgets, $$"""{"apiVersion":"example.com/v1alpha1","kind":"Widget","metadata":{"name":"{{name}}"{{extra}}},"spec":{{spec}}}""");
        Assert.That(answer.Code, Is.EqualTo(201), answer.Text);
        return answer.Body;
    }

    public async Task<JsonNode> PatchWidgetAsync(string name, string patch)
    {
        var answer = await SendAsync("PATCH", $"{Widgets}/{name}", patch, MergePatch);
        Assert.That(answer.Code, Is.EqualTo(200), answer.Text);
        return answer.Body;
    }

    public static async Task<string> EmbeddedText(string name)
    {
        await using var stream = typeof(TestServer).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException($"{name} is not embedded in the test assembly");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Server.DisposeAsync();
    }

    private static HttpRequestMessage Request(string method, string path, string? token)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return request;
    }
}

internal sealed record Answer(int Code, string Text, HttpResponseHeaders Headers, string ContentType)
{
    public JsonNode Body => JsonNode.Parse(Text)!;

    public string Message => Body["message"]!.GetValue<string>();
}
