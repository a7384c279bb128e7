using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Modestano.Scenarios.Migrations;

/// <summary>The real Prometheus, scraping one target every two seconds (a scrape that takes as long has failed: a busy machine needs the time).</summary>
internal sealed class ScrapingPrometheus : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("modestano-prometheus-").FullName;
    private readonly int _port = FreePort();
    private readonly int _target;
    private Process? _process;

    /// <param name="target">The port of the target's /metrics on loopback.</param>
    public ScrapingPrometheus(int target) => _target = target;

    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/"));

    /// <summary>A port of loopback that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Start()
    {
        var config = Path.Combine(_folder, "prometheus.yml");
        File.WriteAllText(config, string.Create(CultureInfo.InvariantCulture, $$"""
            global: {scrape_interval: 2s, scrape_timeout: 2s}
            scrape_configs:
            - job_name: operator
              static_configs: [{targets: ['127.0.0.1:{{_target}}']}]
            """));
        string[] arguments = [$"--config.file={config}", $"--storage.tsdb.path={Path.Combine(_folder, "data")}", $"--web.listen-address=127.0.0.1:{_port}", "--log.level=error"];
        _process = Process.Start(new ProcessStartInfo("prometheus", arguments) { RedirectStandardError = true }) ?? throw new InvalidOperationException("prometheus does not start");
        _process.BeginErrorReadLine();
    }

    public void Stop()
    {
        if (_process is { } running)
        {
            running.Kill();
            running.WaitForExit();
            running.Dispose();
            _process = null;
        }
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(_folder, recursive: true);
    }
}
