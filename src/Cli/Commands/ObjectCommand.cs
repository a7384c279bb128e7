using System.CommandLine;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Modestano.Cli.Cluster;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary>What every command shares: <c>VERB KIND NAME</c>, the flags that lead to a cluster, and <c>-o json</c>.</summary>
internal static class ObjectCommand
{
    public static Command Create(
        IAnsiConsole console, string verb, string description, IReadOnlyList<KindName> kinds, Func<ObjectCall, CancellationToken, Task> act, params Option[] options) =>
        Create(console, verb, description, kinds, [], act, options);

    /// <summary>The same of a command that writes other formats besides JSON.</summary>
    public static Command Create(
        IAnsiConsole console, string verb, string description, IReadOnlyList<KindName> kinds, IReadOnlyList<string> formats, Func<ObjectCall, CancellationToken, Task> act, params Option[] options)
    {
        var kind = KindName.Argument([.. kinds]);
        var name = new Argument<string>("NAME");
        var command = new Command(verb, description) { kind, name };
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        var cluster = new ClusterOptions(command, formats);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = cluster.Connect(parsed);
            await act(new ObjectCall(client, parsed.GetRequiredValue(kind), parsed.GetRequiredValue(name), console, cluster.Format(parsed), parsed), cancellationToken);
            return 0;
        });
        return command;
    }

    /// <summary>A reason that a person must give.</summary>
    public static Option<string> Reason(string description)
    {
        var reason = new Option<string>("--reason") { Description = description, Required = true };
        reason.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
            {
                result.AddError("--reason: must not be empty: say why, in words for whoever reads it at night");
            }
        });
        return reason;
    }
}

/// <summary>One call of a command.</summary>
/// <param name="Client">The cluster.</param>
/// <param name="Kind">The object's kind.</param>
/// <param name="Name">The object's name.</param>
/// <param name="Console">Where the answer goes.</param>
/// <param name="Format">The format that was named; null: none was.</param>
/// <param name="Parsed">The command line.</param>
internal sealed record ObjectCall(ClusterClient Client, KindName Kind, string Name, IAnsiConsole Console, string? Format, ParseResult Parsed)
{
    /// <summary>The object in words: <c>RegionMigration shop/move</c>.</summary>
    public string Key => $"{Kind.Kind} {Client.Namespace}/{Name}";

    public Task<T> GetAsync<T>(CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => Client.GetAsync<T>(Kind, Name, cancellationToken);

    /// <summary>Answers a program or a person.</summary>
    public void Answer(JsonNode? json, Action<IAnsiConsole> words)
    {
        if (Format == "json")
        {
            JsonText.Write(Console, json);
        }
        else
        {
            words(Console);
        }
    }

    /// <summary>Sets an annotation, or takes it away, and says so.</summary>
    public async Task AnnotateAsync(string annotation, string? value, string words, CancellationToken cancellationToken)
    {
        await Client.AnnotateAsync(Kind, Name, annotation, value, cancellationToken);
        Answer(
            new JsonObject { ["kind"] = Kind.Kind, ["namespace"] = Client.Namespace, ["name"] = Name, ["annotation"] = annotation, ["value"] = value },
            console => console.WriteLine(words));
    }
}
