using System.CommandLine;
using k8s;
using k8s.Models;
using Modestano.Cli.Cluster;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary>
/// <c>__complete WORD…</c>: the candidates for the last word, one a line, and at the end what the shell is to do besides, as kubectl reads it
/// (cobra's protocol: <c>:4</c> means no file names).
/// </summary>
internal static class CompleteCommand
{
    // Nobody waits longer for a key press.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly KindName[] AllKinds = [KindName.ReplicaSet, KindName.DnsRecord, KindName.Migration];

    public static Command Create(IAnsiConsole console, RootCommand root)
    {
        var words = new Argument<string[]>("WORD") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("__complete", "Candidates for the last word.") { words };
        command.Hidden = true;
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // Everything after the command's own name, options included: the parser is asked about them below, not now.
            var typed = parsed.Tokens.Select(t => t.Value).SkipWhile(t => t != "__complete").Skip(1).Where(t => t != "--").ToList();
            foreach (var candidate in await CandidatesAsync(root, typed, cancellationToken))
            {
                await console.Profile.Out.Writer.WriteLineAsync(candidate);
            }

            await console.Profile.Out.Writer.WriteLineAsync(":4");
            return 0;
        });
        return command;
    }

    private static async Task<IReadOnlyList<string>> CandidatesAsync(RootCommand root, List<string> typed, CancellationToken cancellationToken)
    {
        var word = typed.Count == 0 ? "" : typed[^1];
        var before = typed.Take(Math.Max(0, typed.Count - 1)).ToList();
        if (root.Subcommands.FirstOrDefault(c => c.Name == before.FirstOrDefault()) is not { } command)
        {
            return Beginning(word, root.Subcommands.Where(c => !c.Hidden).Select(c => $"{c.Name}\t{c.Description}"));
        }

        if (word.StartsWith('-'))
        {
            return Beginning(word, command.Options.Select(o => $"{o.Name}\t{o.Description}"));
        }

        var arguments = Positional(command, before.Skip(1));
        if (arguments is null)
        {
            // The value of an option.
            return [];
        }

        var kinds = command.Arguments.OfType<Argument<KindName>>().FirstOrDefault();
        return arguments.Count switch
        {
            0 when kinds is not null => Beginning(word, AllKinds.Where(k => kinds.Description!.Contains(k.ShortName, StringComparison.Ordinal)).Select(k => $"{k.ShortName}\t{k.Kind}")),
            1 when kinds is not null && AllKinds.FirstOrDefault(k => k.IsCalled(arguments[0])) is { } kind => Beginning(word, await NamesAsync(root, command, kind, before, cancellationToken)),
            _ => [],
        };
    }

    // Null: the word is the value of an option.
    private static List<string>? Positional(Command command, IEnumerable<string> words)
    {
        var found = new List<string>();
        var value = false;
        foreach (var word in words)
        {
            if (value)
            {
                value = false;
            }
            else if (word.StartsWith('-'))
            {
                value = !word.Contains('=', StringComparison.Ordinal)
                    && command.Options.FirstOrDefault(o => o.Name == word || o.Aliases.Contains(word)) is { } option && option.ValueType != typeof(bool);
            }
            else
            {
                found.Add(word);
            }
        }

        return value ? null : found;
    }

    private static async Task<IEnumerable<string>> NamesAsync(RootCommand root, Command command, KindName kind, List<string> before, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var client = ClusterOptions.Of(command).Connect(root.Parse(before));
            return kind == KindName.ReplicaSet ? Names(await client.ListAsync<MongoReplicaSet>(kind, false, patience.Token))
                : kind == KindName.DnsRecord ? Names(await client.ListAsync<WeightedDnsRecord>(kind, false, patience.Token))
                : Names(await client.ListAsync<RegionMigration>(kind, false, patience.Token));
        }
        catch (Exception e) when (e is PluginException or OperationCanceledException)
        {
            // A completion has no words for what is wrong: there are no candidates.
            return [];
        }
    }

    private static IEnumerable<string> Names<T>(IEnumerable<T> objects)
        where T : IKubernetesObject<V1ObjectMeta> => objects.Select(o => o.Metadata.Name);

    private static List<string> Beginning(string word, IEnumerable<string> candidates) =>
        [.. candidates.Where(c => c.StartsWith(word, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
