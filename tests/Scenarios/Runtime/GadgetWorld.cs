using System.Text;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Modestano.Operator;
using Modestano.Operator.Configuration;
using Modestano.Operator.Runtime;
using Modestano.Testbed.KubeApi;

namespace Modestano.Scenarios.Runtime;

/// <summary>An embedded API server with the definition of <see cref="Gadget"/>, and any number of operators on it.</summary>
internal sealed class GadgetWorld : IAsyncDisposable
{
    private readonly List<GadgetOperator> _operators = [];

    private GadgetWorld(KubeApiServer server, Kubernetes client)
    {
        Server = server;
        Client = client;
    }

    public KubeApiServer Server { get; }

    public Kubernetes Client { get; }

    public static async Task<GadgetWorld> StartAsync()
    {
        // The real server sends no bookmark before a watch ends: the harder case.
        var server = await KubeApiServer.StartAsync(new KubeApiOptions { ClosingBookmark = false }, CancellationToken.None);
        var world = new GadgetWorld(server, new Kubernetes(ConnectionTo(server)));
        await world.Client.ApiextensionsV1.CreateCustomResourceDefinitionAsync(Gadget.Definition());
        await Eventually.Is(
            async () => (await world.Client.ApiextensionsV1.ReadCustomResourceDefinitionAsync("gadgets.example.com")).Status?.Conditions?.Any(c => c is { Type: "Established", Status: "True" }) == true,
            "the definition is established");
        return world;
    }

    /// <summary>A lease short enough to lose it within a test.</summary>
    public static RuntimeOptions ShortLease(RuntimeOptions options) => options with
    {
        Lease = options.Lease! with { Duration = TimeSpan.FromSeconds(4), RenewDeadline = TimeSpan.FromSeconds(2), RetryPeriod = TimeSpan.FromMilliseconds(500) },
    };

    /// <summary>A lease that does not run out within a test: who gets it got it released.</summary>
    public static RuntimeOptions LongLease(RuntimeOptions options) => options with
    {
        Lease = options.Lease! with { Duration = TimeSpan.FromMinutes(10), RenewDeadline = TimeSpan.FromMinutes(9), RetryPeriod = TimeSpan.FromMilliseconds(500) },
    };

    /// <summary>Starts an operator; it has the finalizer only where asked for.</summary>
    public async Task<GadgetOperator> StartOperatorAsync(string name, Func<RuntimeOptions, RuntimeOptions>? adjust = null, bool withFinalizer = false, Uri? through = null)
    {
        var connection = ConnectionTo(Server);
        connection.Host = (through ?? Server.Url).ToString().TrimEnd('/');
        var options = new OperatorOptions
        {
            MetricsPort = 0,
            HealthPort = 0,
            Identity = name,
        };
        var runtime = options.ToRuntimeOptions("default");
        var app = OperatorHost.Build(options, connection, services =>
        {
            services.AddSingleton(adjust?.Invoke(runtime) ?? runtime);
            services.AddController<Gadget, GadgetController>();
            if (withFinalizer)
            {
                services.AddFinalizer<Gadget, GadgetFinalizer>();
            }
        });
        var started = new GadgetOperator(app);
        _operators.Add(started);
        await app.StartAsync();
        return started;
    }

    public Task CreateAsync(string name, int size) => CreateAsync(name, $$"""{"size": {{size}}}""");

    public async Task CreateAsync(string name, string spec) => await Client.CustomObjects.CreateNamespacedCustomObjectAsync(
        JsonDocument.Parse($$"""{"apiVersion": "example.com/v1", "kind": "Gadget", "metadata": {"name": "{{name}}"}, "spec": {{spec}} }""").RootElement, "example.com", "v1", "default", "gadgets");

    public async Task ResizeAsync(string name, int size) => await Client.CustomObjects.PatchNamespacedCustomObjectAsync(
        new V1Patch(new { spec = new { size } }, V1Patch.PatchType.MergePatch), "example.com", "v1", "default", "gadgets", name);

    public async Task DeleteAsync(string name) => await Client.CustomObjects.DeleteNamespacedCustomObjectAsync("example.com", "v1", "default", "gadgets", name);

    public async Task<Gadget?> FindAsync(string name)
    {
        try
        {
            return await Client.CustomObjects.GetNamespacedCustomObjectAsync<Gadget>("example.com", "v1", "default", "gadgets", name);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task<TimeSpan> EventuallySized(string name, int size, TimeSpan? atMost = null) =>
        Eventually.Is(async () => (await FindAsync(name))?.Status?.Size == size, $"{name} has size {size} in status", atMost);

    public async ValueTask DisposeAsync()
    {
        foreach (var running in _operators)
        {
            await running.DisposeAsync();
        }

        Client.Dispose();
        await Server.DisposeAsync();
    }

    private static KubernetesClientConfiguration ConnectionTo(KubeApiServer server) =>
        KubernetesClientConfiguration.BuildConfigFromConfigFile(new MemoryStream(Encoding.UTF8.GetBytes(server.KubeconfigYaml())));
}

/// <summary>One operator in this process.</summary>
internal sealed class GadgetOperator(WebApplication app) : IAsyncDisposable
{
    private bool _stopped;

    public GadgetController Controller => app.Services.GetRequiredService<GadgetController>();

    public GadgetFinalizer Finalizer => app.Services.GetRequiredService<GadgetFinalizer>();

    public ILeadership Leadership => app.Services.GetRequiredService<ILeadership>();

    public IEntityCache<Gadget> Cache => app.Services.GetRequiredService<IEntityCache<Gadget>>();

    /// <summary>As on SIGTERM.</summary>
    public async Task StopAsync()
    {
        _stopped = true;
        await app.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
        {
            await StopAsync();
        }

        await app.DisposeAsync();
    }
}
