using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Modestano.Testbed.KubeApi.Http;

/// <summary>The socket in front of the API server. It can be taken down and brought back on the same port while the objects stay.</summary>
internal sealed class LoopbackListener(RequestPipeline pipeline, ServerCertificate? certificate) : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private WebApplication? app;

    /// <summary>The port in use; 0 before the first start.</summary>
    public int Port { get; private set; }

    public async Task StartAsync(int port, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (app is not null)
            {
                return;
            }

            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = RequestBody.MostRead;
                kestrel.Listen(IPAddress.Loopback, port, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    if (certificate is not null)
                    {
                        listen.UseHttps(certificate.Server);
                    }
                });
            });
            builder.Services.AddSingleton<IHostLifetime, NoSignals>();
            builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.Zero);
            var started = builder.Build();
            started.Run(pipeline.HandleAsync);
            await started.StartAsync(cancellationToken);
            var address = started.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            Port = new Uri(address).Port;
            app = started;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Closes the port and cuts every open connection.</summary>
    public async Task StopAsync()
    {
        await gate.WaitAsync();
        try
        {
            if (app is null)
            {
                return;
            }

            using var atOnce = new CancellationTokenSource();
            await atOnce.CancelAsync();
            await app.StopAsync(atOnce.Token);
            await app.DisposeAsync();
            app = null;
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        gate.Dispose();
    }

    /// <summary>Leaves Ctrl-C and SIGTERM to the process that embeds the server.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
