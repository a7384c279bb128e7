using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Modestano.Operator;
using Modestano.Operator.Configuration;
using Modestano.Testbed;

namespace Modestano.Cli.Tests.FirstDay;

/// <summary>The embedded world with the operator in this process, and a shell in which kubectl finds the plugin.</summary>
internal sealed partial class OperatedStage : IAsyncDisposable
{
    public const string Namespace = "marketplace";

    private readonly WebApplication _operator;

    private OperatedStage(World world, WebApplication app, string folder) => (World, _operator, Folder) = (world, app, folder);

    public World World { get; }

    /// <summary>Where commands run, and leave what they write.</summary>
    public string Folder { get; }

    /// <summary>What every command has in its environment.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <param name="with">How this world differs from the usual one.</param>
    public static async Task<OperatedStage> StartAsync(Func<WorldOptions, WorldOptions>? with = null)
    {
        var folder = Directory.CreateTempSubdirectory("modestano-day-").FullName;
        var usual = new WorldOptions { Folder = folder, ConfigFolder = Repository.PathOf("config"), Namespace = Namespace, PropagationDelay = TimeSpan.FromMilliseconds(50), RequestsPerSecond = 100 };
        var world = await World.StartAsync(with?.Invoke(usual) ?? usual, CancellationToken.None);
        var environment = world.OperatorEnvironment;
        foreach (var (name, value) in environment.Where(v => v.Key.StartsWith("AWS_", StringComparison.Ordinal)))
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        var options = OperatorOptions.Read(new SettingReader(new Dictionary<string, string>(), environment.GetValueOrDefault), environment.GetValueOrDefault, File.ReadAllText);
        var app = OperatorHost.Build(options, KubernetesConnection.Find(options), OperatorHost.AddDomains);
        await app.StartAsync();
        var stage = new OperatedStage(world, app, folder);
        foreach (var (name, value) in environment.Where(v => v.Key.StartsWith("AWS_", StringComparison.Ordinal)))
        {
            stage.Variables[name] = value;
        }

        stage.Variables["AWS_ENDPOINT_URL"] = world.Route53.Endpoint.ToString();
        stage.Variables["KUBECONFIG"] = world.Kubeconfig;
        Environment.SetEnvironmentVariable("KUBECONFIG", world.Kubeconfig);
        Environment.CurrentDirectory = folder;
        stage.Link("kubectl-modestano", $"exec dotnet '{Path.Combine(AppContext.BaseDirectory, "kubectl-modestano.dll")}' \"$@\"");
        // The world's name servers are on a port of their own.
        stage.Link("dig", $"exec '{Tool.Find("dig")}' -p {world.Route53.Dns.Port} \"$@\"");
        return stage;
    }

    /// <summary>Runs a line of shell; it must end well within a minute.</summary>
    public string Run(string command)
    {
        var (code, output, error) = Try(command);
        Assert.That(code, Is.Zero, $"{command}\n{output}{error}");
        return output;
    }

    /// <summary>Runs a line of shell.</summary>
    public (int Code, string Output, string Error) Try(string command)
    {
        // Started for each command the plugin would spend most of the time in the compiler: the shell makes its arguments, the rest is done here.
        if (Plugin().Match(command) is { Success: true } plugin)
        {
            return RunPlugin(plugin.Groups["arguments"].Value, plugin.Groups["to"].Value, plugin.Groups["file"].Value);
        }

        var path = $"{Path.Combine(Folder, "bin")}:{Path.GetDirectoryName(Tool.Find("kubectl"))}:{Path.GetDirectoryName(Tool.Find("helm"))}:{Environment.GetEnvironmentVariable("PATH")}";
        var variables = string.Concat(Variables.Append(new("PATH", path)).Select(v => $"export {v.Key}='{v.Value}'\n"));
        var began = Environment.TickCount64;
        // Whatever waits for something that never comes ends here, with its name.
        var result = Tool.TryWithInput("timeout", "", "150", "bash", "-c", $"{variables}cd '{Folder}'\nset -o pipefail\n{command}");
        TestContext.Progress.WriteLine($"{Environment.TickCount64 - began,6} ms, {result.ExitCode}: {command}");
        return result;
    }

    private (int Code, string Output, string Error) RunPlugin(string arguments, string to, string file)
    {
        var began = Environment.TickCount64;
        var variables = string.Concat(Variables.Select(v => $"export {v.Key}='{v.Value}'\n"));
        var words = Tool.TryWithInput("bash", "", "-c", $"{variables}printf '%s\\0' {arguments}").Output.Split('\0')[..^1];
        var (code, output, errors) = PluginStage.RunBareAsync(words).GetAwaiter().GetResult();
        TestContext.Progress.WriteLine($"{Environment.TickCount64 - began,6} ms, {code}: kubectl modestano {arguments}");
        if (to.Length == 0)
        {
            return (code, output, errors);
        }

        var target = Path.Combine(Folder, file.StartsWith('/') ? Path.Combine("bin", Path.GetFileName(file)) : file);
        File.WriteAllText(target, (to == ">>" ? File.ReadAllText(target) : "") + output);
        return (code, "", errors);
    }

    public JsonNode Get(string kind, string name) => JsonNode.Parse(Run($"kubectl get {kind} {name} -o json"))!;

    /// <summary>Waits until an object is as wanted.</summary>
    public async Task<JsonNode> ReachAsync(string kind, string name, Func<JsonNode, bool> so, string what)
    {
        JsonNode found = new JsonObject();
        for (var began = Environment.TickCount64; Environment.TickCount64 - began < 90_000;)
        {
            if (so(found = Get(kind, name)))
            {
                return found;
            }

            await Task.Delay(300);
        }

        throw new AssertionException($"{kind} {name} never was as wanted: {what}; it is\n{found["status"]?.ToJsonString()}");
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("KUBECONFIG", null);
        Environment.CurrentDirectory = AppContext.BaseDirectory;
        await _operator.StopAsync();
        await _operator.DisposeAsync();
        await World.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    // Without a pipe or a list: those are the shell's.
    [System.Text.RegularExpressions.GeneratedRegex("^kubectl modestano (?<arguments>[^|&;>]+?)( (?<to>>>?) (?<file>[^ |&;]+))?$")]
    private static partial System.Text.RegularExpressions.Regex Plugin();

    private void Link(string name, string script)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, "bin")).FullName, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
