using k8s;
using Microsoft.AspNetCore.Hosting.Server;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns;
using Modestano.Operator.Migrations;
using Modestano.Operator.Observability;
using Modestano.Operator.Observability.Scraping;
using Modestano.Operator.Outgoing;
using Modestano.Operator.ReplicaSets;
using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Hosting;
using Prometheus;

namespace Modestano.Operator;

/// <summary>The composition root: everything that runs in the operator's process.</summary>
public static class OperatorHost
{
    /// <summary>Builds the host; tests add their own services or replace some.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="connection">The API server.</param>
    /// <param name="configure">Further services.</param>
    public static WebApplication Build(OperatorOptions options, KubernetesClientConfiguration connection, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        // A service that is missing shows at the start, not in the first pass that needs it.
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateOnBuild = provider.ValidateScopes = true);
        builder.Logging.AddOperatorLog(options);
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = TimeSpan.FromSeconds(9);
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.StopHost;
        });
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(options.Grants);
        builder.Services.AddOutgoingCalls();
        // The counter is the inner one: it counts each attempt.
        builder.Services.AddSingleton<IKubernetes>(s => new Kubernetes(
            connection, s.GetRequiredService<OutgoingPipelines>().ForKubernetes(), new ApiCalls(s.GetRequiredService<RuntimeMetrics>())));
        builder.Services.AddModestanoRuntime(options.ToRuntimeOptions(connection.Namespace));
        builder.Services.AddSingleton<ScrapeReview>();
        builder.Services.AddSingleton(s => new ServingCertificate(options.MetricsCertDir, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<ServingCertificate>>()));
        configure?.Invoke(builder.Services);
        // The slim builder leaves HTTPS out.
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Endpoints.Listen(kestrel, options));
        if (options is { MetricsPort: 0, HealthPort: 0 })
        {
            builder.Services.AddSingleton<IServer, NoServer>();
        }

        var app = builder.Build();
        Endpoints.Map(app, options);
        return app;
    }

    /// <summary>Runs until the process is asked to stop.</summary>
    /// <returns>0, or 1 where the runtime failed.</returns>
    public static async Task<int> RunAsync(OperatorOptions options, CancellationToken cancellationToken)
    {
        // Of prometheus-net's own series only the process's: the others multiply and nobody reads them.
        Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions
        {
            SuppressProcessMetrics = false,
            SuppressDebugMetrics = true,
            SuppressEventCounters = true,
            SuppressMeters = true,
        });
        await using var app = Build(options, KubernetesConnection.Find(options), AddDomains);
        BuildInfo.Publish(Metrics.DefaultFactory);
        // RunAsync disposes the services at its end: what is needed after it is taken before.
        var state = app.Services.GetRequiredService<RuntimeState>();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Modestano.Operator");
        logger.LogInformation(
            "modestano-operator {Version}, {Scope}", OperatorVersion.Text, options.Namespaces.Count == 0 ? "whole cluster" : "namespaces " + string.Join(", ", options.Namespaces));
        foreach (var warning in options.Grants.Warnings)
        {
            logger.LogWarning("{Warning}", warning);
        }

        try
        {
            await app.RunAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            logger.LogCritical(
                "{Error} Choose other ports with {Metrics} and {Health}.",
                e.Message, OperatorSettings.MetricsPort.Flag, OperatorSettings.HealthPort.Flag);
            return 1;
        }

        return state.Broken is null ? 0 : 1;
    }

    /// <summary>The domains, each by its own extension method.</summary>
    internal static void AddDomains(IServiceCollection services)
    {
        services.AddReplicaSets();
        services.AddDns();
        services.AddMigrations();
    }
}
