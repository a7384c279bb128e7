using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Modestano.Scenarios.Runtime;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>The real Prometheus, scraping one operator over HTTPS with a token, once a second, with the shipped alerts loaded.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly DateTimeOffset _since = DateTimeOffset.UtcNow;

    private PrometheusServer(Process process, int port)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public static async Task<PrometheusServer> StartAsync(string folder, int operatorPort, string token)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), token);
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yaml"), $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 5s}
            rule_files: ['{{Repository.PathOf("config/prometheus/rules.yaml")}}']
            scrape_configs:
            - job_name: modestano-operator
              scheme: https
              authorization: {credentials_file: token}
              tls_config: {insecure_skip_verify: true}
              static_configs: [{targets: ['127.0.0.1:{{operatorPort}}']}]
            """);
        var port = FreePort();
        var start = new ProcessStartInfo(
            Tool.Find("prometheus"),
            [
                "--config.file", Path.Combine(folder, "prometheus.yaml"), "--storage.tsdb.path", Path.Combine(folder, "series"),
                "--web.listen-address", $"127.0.0.1:{port}", "--log.level", "error",
            ]);
        var server = new PrometheusServer(Process.Start(start) ?? throw new InvalidOperationException("prometheus does not start"), port);
        await Eventually.Is(server.IsReadyAsync, "Prometheus answers");
        return server;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>How many series a query gives over the time since the start, as a panel shows it.</summary>
    public async Task<int> SeriesAsync(string query)
    {
        var (from, to) = (_since.ToUnixTimeSeconds(), DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        var answer = await GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/query_range?query={Uri.EscapeDataString(query)}&start={from}&end={to}&step=1"));
        return answer["result"]!.AsArray().Count;
    }

    /// <summary>The values of a label, as a variable offers them.</summary>
    public async Task<IReadOnlyList<string>> LabelValuesAsync(string selector, string label) =>
        [.. (await GetAsync($"/api/v1/label/{label}/values?match[]={Uri.EscapeDataString(selector)}")).AsArray().Select(v => (string)v!)];

    /// <summary>The alerts with the errors of their evaluation; null: none.</summary>
    public async Task<IReadOnlyDictionary<string, string?>> AlertsAsync() => (await GetAsync("/api/v1/rules"))["groups"]!.AsArray()
        .SelectMany(g => g!["rules"]!.AsArray())
        .ToDictionary(r => (string)r!["name"]!, r => (string?)r!["lastError"] ?? ((string)r["health"]! == "ok" ? null : (string)r["health"]!));

    /// <summary>The error of the latest scrape; empty: none.</summary>
    public async Task<string> ScrapeErrorAsync() => (string)(await GetAsync("/api/v1/targets"))["activeTargets"]![0]!["lastError"]!;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _client.GetAsync(new Uri("/-/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<JsonNode> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        var text = await response.Content.ReadAsStringAsync();
        var answer = JsonNode.Parse(text)!;
        return (string?)answer["status"] == "success" ? answer["data"]! : throw new InvalidOperationException($"{path}: {text}");
    }
}
