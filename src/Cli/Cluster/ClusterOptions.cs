using System.CommandLine;
using k8s;
using k8s.Exceptions;

namespace Modestano.Cli.Cluster;

/// <summary>The flags that lead to a cluster and a namespace, named as kubectl names them.</summary>
public sealed class ClusterOptions
{
    private readonly Option<string?> _kubeconfig = new("--kubeconfig") { Description = "Kubeconfig file. Without it: KUBECONFIG, else ~/.kube/config." };
    private readonly Option<string?> _context = new("--context") { Description = "Context of the kubeconfig." };
    private readonly Option<string?> _namespace = new("--namespace", "-n") { Description = "Namespace. Without it the context's." };
    private readonly Option<string?> _output = new("--output", "-o");

    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Command, ClusterOptions> ByCommand = [];

    /// <summary>The flags of a command that has them.</summary>
    public static ClusterOptions Of(Command command) => ByCommand.TryGetValue(command, out var options) ? options : new ClusterOptions(command);

    /// <summary>Adds the flags to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="formats">What it writes besides JSON; the first one is written where none is named.</param>
    public ClusterOptions(Command command, params IReadOnlyList<string> formats)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(formats);
        _output.Description = formats.Count == 0 ? "json: for programs." : $"{string.Join(", ", formats)}, or json for programs. Without it: {formats[0]}.";
        _output.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } format and not "json" && !formats.Contains(format))
            {
                result.AddError($"--output: '{format}' is not allowed: {string.Join(", ", formats.Append("json"))}, or leave it out");
            }
        });
        foreach (var option in new Option[] { _kubeconfig, _context, _namespace, _output })
        {
            command.Options.Add(option);
        }

        ByCommand.Add(command, this);
    }

    /// <summary>Whether JSON is wanted.</summary>
    public bool WantsJson(ParseResult parsed) => parsed.GetValue(_output) == "json";

    /// <summary>The format that is named; null: none is.</summary>
    public string? Format(ParseResult parsed) => parsed.GetValue(_output);

    /// <summary>Connects.</summary>
    /// <exception cref="PluginException">There is no usable kubeconfig.</exception>
    public ClusterClient Connect(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        try
        {
            var file = parsed.GetValue(_kubeconfig) ?? Environment.GetEnvironmentVariable("KUBECONFIG")?.Split(Path.PathSeparator).FirstOrDefault(f => f.Length > 0);
            var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(file ?? KubernetesClientConfiguration.KubeConfigDefaultLocation, parsed.GetValue(_context));
            configuration.HttpClientTimeout = TimeSpan.FromSeconds(30);
            var space = parsed.GetValue(_namespace) ?? configuration.Namespace;
            return new ClusterClient(new Kubernetes(configuration), string.IsNullOrEmpty(space) ? "default" : space);
        }
        catch (Exception e) when (e is KubeConfigException or IOException or UnauthorizedAccessException or YamlDotNet.Core.YamlException)
        {
            throw new PluginException($"no usable kubeconfig: {e.Message}; name one with --kubeconfig or KUBECONFIG");
        }
    }
}
