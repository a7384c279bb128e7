using System.CommandLine;
using Modestano.Cli.Cluster;
using Modestano.Cli.Init;
using Modestano.Crds.V1Alpha1;
using Spectre.Console;

namespace Modestano.Cli.Commands;

/// <summary><c>init replicaset|record|migration</c>: first manifests from what runs. It writes nothing anywhere but to standard output.</summary>
internal static class InitCommand
{
    private static readonly Option<string?> RegionOf = new("--region-of") { Description = "Regular expression that matches the region in a host or endpoint (its first group counts), or tag:NAME. Without it: the tag region, else an AWS region in the name." };

    public static Command Create(IAnsiConsole console, TextWriter errors)
    {
        var command = new Command("init", "Print first manifests from what runs: a replica set, a record, a migration. Nothing is changed anywhere.");
        command.Subcommands.Add(ReplicaSet(console, errors));
        command.Subcommands.Add(Record(console, errors));
        command.Subcommands.Add(Migration(console, errors));
        return command;
    }

    private static Command ReplicaSet(IAnsiConsole console, TextWriter errors)
    {
        var uri = new Option<string>("--uri") { Description = "mongodb://USER@HOST:27017/?tls=true … of any member; the user needs the role clusterMonitor. proxyHost and proxyPort lead through a bastion.", Required = true };
        var passwordFile = new Option<FileInfo?>("--password-file") { Description = "File with the password, better than in --uri, which others see in the list of processes." };
        var authority = new Option<FileInfo?>("--tls-ca-file") { Description = "Authority of the members' certificates (PEM)." };
        var certificate = new Option<FileInfo?>("--tls-certificate-key-file") { Description = "Client certificate with its key (PEM)." };
        var name = new Option<string?>("--name") { Description = "Name of the object. Without it: the set's." };
        var secret = new Option<string?>("--secret") { Description = "Secret with the operator's login. Without it: NAME-operator." };
        var timeout = new Option<int>("--timeout") { Description = "Seconds that the member may take to be reached.", DefaultValueFactory = _ => 10 };
        var zoneOf = new Option<string?>("--zone-of") { Description = "As --region-of, for zones." };
        var command = new Command("replicaset", "Print a MongoReplicaSet that plans no change of a running set.") { uri, passwordFile, authority, certificate, timeout, name, secret, RegionOf, zoneOf };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var password = parsed.GetValue(passwordFile) is { } file ? (await ReadAsync("--password-file", file, cancellationToken)).TrimEnd('\r', '\n') : null;
            var live = await LiveSetReader.ReadAsync(parsed.GetRequiredValue(uri), password, parsed.GetValue(authority)?.FullName, parsed.GetValue(certificate)?.FullName, TimeSpan.FromSeconds(Math.Max(1, parsed.GetValue(timeout))), cancellationToken);
            var called = parsed.GetValue(name) ?? ObjectName(live.Config.SetName);
            return await WriteAsync(console, errors, ReplicaSetManifest.Of(
                live,
                called,
                parsed.GetValue(secret) ?? called + "-operator",
                parsed.GetValue(RegionOf) is { } region ? PlaceRule.Parse("--region-of", region) : PlaceRule.Region,
                parsed.GetValue(zoneOf) is { } zone ? PlaceRule.Parse("--zone-of", zone) : PlaceRule.Zone));
        });
        return command;
    }

    private static Command Record(IAnsiConsole console, TextWriter errors)
    {
        var zone = new Option<string>("--zone") { Description = "The hosted zone's id, or its name.", Required = true };
        var isPrivate = new Option<bool>("--private") { Description = "With a name: the private zone of that name." };
        var record = new Option<string>("--name") { Description = "The record's name.", Required = true };
        var type = new Option<string?>("--type") { Description = "A, AAAA, CNAME or TXT; needed where there are several." };
        var called = new Option<string?>("--object") { Description = "Name of the object. Without it: the record's first label." };
        var provider = new Option<string>("--provider") { Description = "The provider of the operator's grants.", DefaultValueFactory = _ => "production" };
        var region = new Option<string?>("--region") { Description = "Region of the endpoints whose identifier and target do not tell it." };
        var command = new Command("record", "Print a WeightedDnsRecord that takes over records of Route 53 as they are, with your own AWS credentials.") { zone, isPrivate, record, type, called, provider, RegionOf, region };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var live = await LiveRecordReader.ReadAsync(parsed.GetRequiredValue(zone), parsed.GetValue(isPrivate), parsed.GetRequiredValue(record), cancellationToken);
            return await WriteAsync(console, errors, RecordManifest.Of(
                live,
                parsed.GetValue(type)?.ToUpperInvariant(),
                parsed.GetValue(called) ?? ObjectName(live.Name.Replace("*", "wildcard", StringComparison.Ordinal).Split('.')[0]),
                parsed.GetRequiredValue(provider),
                parsed.GetValue(RegionOf) is { } rule ? PlaceRule.Parse("--region-of", rule) : PlaceRule.Region,
                parsed.GetValue(region)));
        });
        return command;
    }

    private static Command Migration(IAnsiConsole console, TextWriter errors)
    {
        var set = new Option<string>("--replicaset") { Description = "The MongoReplicaSet that moves.", Required = true };
        var to = new Option<string>("--to") { Description = "The region that it goes to.", Required = true };
        var members = new Option<string[]>("--member") { Description = "A member of the new region, as HOST:PORT or HOST:PORT@ZONE; once for each." };
        var records = new Option<string[]>("--record") { Description = "A WeightedDnsRecord that shifts, as NAME or, where it has no endpoint in the new region, NAME=ADDRESS or NAME=alias:DNSNAME/ZONEID; once for each." };
        var name = new Option<string?>("--name") { Description = "The migration's name. Without it: FROM-to-TO." };
        var command = new Command("migration", "Print what a move to another region needs: members, endpoints, the migration. It reads the cluster.") { set, to, members, records, name };
        var cluster = new ClusterOptions(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = cluster.Connect(parsed);
            var wish = new MigrationWish(
                parsed.GetValue(name),
                parsed.GetRequiredValue(to),
                [.. (parsed.GetValue(members) ?? []).Select(Member)],
                (parsed.GetValue(records) ?? []).Select(r => r.Split('=', 2)).ToDictionary(r => r[0], r => r.Length == 2 ? r[1] : null, StringComparer.Ordinal));
            var found = new List<WeightedDnsRecord>();
            foreach (var record in wish.Records.Keys)
            {
                found.Add(await client.GetAsync<WeightedDnsRecord>(KindName.DnsRecord, record, cancellationToken));
            }

            return await WriteAsync(console, errors, MigrationManifests.Of(wish, await client.GetAsync<MongoReplicaSet>(KindName.ReplicaSet, parsed.GetRequiredValue(set), cancellationToken), found));
        });
        return command;
    }

    private static MemberSpec Member(string text)
    {
        var parts = text.Split('@', 2);
        return new MemberSpec { Host = parts[0], Zone = parts.Length == 2 ? parts[1] : PlaceRule.Zone.Of(parts[0]) };
    }

    // What cannot be expressed is said twice: in the manifest for whoever reviews it, here for whoever pipes it on.
    private static async Task<int> WriteAsync(IAnsiConsole console, TextWriter errors, InitText text)
    {
        // Not by the console, which would wrap long lines.
        await console.Profile.Out.Writer.WriteAsync(text.Yaml);
        foreach (var note in text.Notes)
        {
            await errors.WriteLineAsync($"note: {note}");
        }

        return 0;
    }

    private static async Task<string> ReadAsync(string option, FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file.FullName, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PluginException($"{option}: {file.FullName} cannot be read: {e.Message}");
        }
    }

    // A name as Kubernetes takes it (RFC 1123).
    private static string ObjectName(string text) =>
        new string([.. text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '-')]).Trim('-') is { Length: > 0 } name ? name : "first";
}
