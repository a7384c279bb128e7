using System.Text.Json.Nodes;
using k8s;
using Modestano.Testbed.KubeApi;
using Spectre.Console;

namespace Modestano.Cli.Tests;

/// <summary>A cluster with the samples, whose objects have a status, and the plugin in this process.</summary>
internal sealed class PluginStage : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("modestano-plugin-").FullName;

    private PluginStage(KubeApiServer server) => Server = server;

    public KubeApiServer Server { get; }

    public string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    public static async Task<PluginStage> StartAsync()
    {
        var stage = new PluginStage(await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None));
        stage.Server.WriteKubeconfig(stage.Kubeconfig);
        stage.Kubectl("apply", "--server-side", "-k", Repository.PathOf("config/crd"));
        stage.Kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
        stage.Kubectl("apply", "-k", Repository.PathOf("config/samples"));
        stage.SetStatus("mrs", "marketplace", Samples.ReplicaSet);
        stage.SetStatus("wdr", "shop", Samples.Record);
        stage.SetStatus("rmig", "ireland-to-london", Samples.Migration);
        return stage;
    }

    /// <summary>Exit code, what it printed, what it complained about.</summary>
    public Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => RunBareAsync([.. arguments, "--kubeconfig", Kubeconfig]);

    /// <summary>The same without a kubeconfig on the command line.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunBareAsync(string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await Plugin.RunAsync(arguments, ConsoleOn(output), errors, TimeProvider.System, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }

    /// <summary>Runs a command that somebody interrupts.</summary>
    public async Task<int> RunAsync(TextWriter output, TimeProvider time, CancellationToken interrupted, params string[] arguments)
    {
        using var errors = new StringWriter();
        return await Plugin.RunAsync([.. arguments, "--kubeconfig", Kubeconfig], ConsoleOn(output), errors, time, interrupted);
    }

    private static IAnsiConsole ConsoleOn(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 200;
        return console;
    }

    public async Task<JsonNode> JsonAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync([.. arguments, "-o", "json"]);
        Assert.That(code, Is.Zero, errors);
        return JsonNode.Parse(output)!;
    }

    public void SetStatus(string kind, string name, object? status) =>
        Kubectl("patch", kind, name, "--subresource=status", "--type=merge", "-p", $$"""{"status":{{KubernetesJson.Serialize(status)}}}""");

    public string? Annotation(string kind, string name, string annotation) =>
        (string?)JsonNode.Parse(Kubectl("get", kind, name, "-o", "json"))!["metadata"]!["annotations"]?[annotation];

    public string Kubectl(params string[] arguments) => Tool.Run("kubectl", ["--kubeconfig", Kubeconfig, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(_folder, true);
    }
}
