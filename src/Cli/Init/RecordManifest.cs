using System.Globalization;
using System.Text;
using Modestano.Cli.Cluster;
using Modestano.Cli.Views;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Records;

namespace Modestano.Cli.Init;

/// <summary>A WeightedDnsRecord for record sets as Route 53 has them: applied, it takes them over and moves no traffic. Pure.</summary>
internal static class RecordManifest
{
    private static readonly string[] Types = ["A", "AAAA", "CNAME", "TXT"];

    /// <summary>The manifest.</summary>
    /// <param name="live">The record sets.</param>
    /// <param name="type">The type; null: the only one that there is.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="provider">The grant that it names.</param>
    /// <param name="region">Where an endpoint is.</param>
    /// <param name="otherwise">Where one is whose name does not tell; null: nobody knows.</param>
    /// <exception cref="PluginException">There is no such record, or weights do not decide on it.</exception>
    public static InitText Of(LiveRecords live, string? type, string name, string provider, PlaceRule region, string? otherwise = null)
    {
        var sets = Chosen(live, type);
        if (sets.FirstOrDefault(s => s.OtherPolicy is not null) is { OtherPolicy: { } policy })
        {
            throw new PluginException($"{live.Name} {sets[0].Type} is routed by {policy}, not by weights: a WeightedDnsRecord cannot express it; make it a simple or a weighted record first");
        }

        var notes = new List<string>();
        var ttl = sets.FirstOrDefault(s => s.Ttl is not null)?.Ttl ?? 60;
        notes.AddRange(sets.Where(s => s.Ttl is { } own && own != ttl).Select(s => $"endpoint {s.SetIdentifier} has a TTL of {s.Ttl} s: a record has one for all endpoints, so its first change sets {ttl} s"));
        var endpoints = sets.Select(s => (Set: s, Region: region.Of(s.SetIdentifier ?? "") ?? region.Of(s.Alias?.DnsName ?? string.Join(' ', s.Values ?? [])) ?? otherwise)).ToList();
        notes.AddRange(endpoints.Where(e => e.Region is null).Select(e => $"the region of endpoint {e.Set.SetIdentifier ?? "(the simple record)"} is not known: write it, as migrations shift by it, or name it by --region"));
        if (sets.All(s => s.Weight is null or 0) && sets[0].SetIdentifier is not null)
        {
            notes.Add("all weights are 0, which Route 53 treats as equal and a spec may not say: each endpoint has 1 here, which serves the same");
        }

        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"# {live.Name} {sets[0].Type} as Route 53 had it. Applied, it takes these record sets over while they are the same, and moves no traffic.\n");
        foreach (var note in notes)
        {
            yaml.Append("# - ").Append(YamlScalar.Comment(note)).Append('\n');
        }

        yaml.Append(CultureInfo.InvariantCulture, $"apiVersion: {ApiGroup.GroupVersion}\nkind: WeightedDnsRecord\nmetadata:\n  name: {YamlScalar.Of(name)}\nspec:\n  providerRef: {{name: {YamlScalar.Of(provider)}}}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"  hostedZone: {{id: {YamlScalar.Of(live.ZoneId)}}}\n  name: {YamlScalar.Of(live.Name)}\n  type: {sets[0].Type}\n  ttl: {ttl}\n  endpoints:\n");
        foreach (var (set, place) in endpoints)
        {
            Endpoint(yaml, set, place, sets.All(s => s.Weight is null or 0));
        }

        yaml.Append(CultureInfo.InvariantCulture, $"  shift: {{maxStepPercent: 25, interval: 5m}}\n  adoption: {{mode: Adopt, expectedFingerprint: {YamlScalar.Of(Fingerprint.Of(sets))}}}\n");
        return new InitText(yaml.ToString(), notes);
    }

    private static List<RecordSet> Chosen(LiveRecords live, string? type)
    {
        var types = live.Sets.Select(s => s.Type).Distinct().Where(t => Types.Contains(t)).ToList();
        if (type is null && types.Count > 1)
        {
            throw new PluginException($"{live.Name} has records of the types {string.Join(", ", types)}: choose one by --type; each is an object of its own");
        }

        var chosen = live.Sets.Where(s => s.Type == (type ?? types.FirstOrDefault())).ToList();
        return chosen.Count > 0 ? chosen : throw new PluginException($"the zone {live.ZoneId} has no record {live.Name}{(type is null ? "" : " " + type)} of a type that can be managed ({string.Join(", ", Types)})");
    }

    private static void Endpoint(StringBuilder yaml, RecordSet set, string? region, bool noWeights)
    {
        // A simple record becomes the one that serves: it is converted in the batch that takes it over.
        var weight = set.SetIdentifier is null ? 255 : noWeights ? 1 : set.Weight ?? 0;
        yaml.Append(CultureInfo.InvariantCulture, $"  - setIdentifier: {YamlScalar.Of(set.SetIdentifier ?? region ?? "first")}\n");
        if (region is not null)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"    region: {YamlScalar.Of(region)}\n");
        }

        yaml.Append(CultureInfo.InvariantCulture, $"    weight: {weight}\n");
        yaml.Append(set.Alias is { } alias
            ? string.Create(CultureInfo.InvariantCulture, $"    alias: {{dnsName: {YamlScalar.Of(RecordNames.ForPeople(alias.DnsName))}, hostedZoneId: {YamlScalar.Of(alias.HostedZoneId)}, evaluateTargetHealth: {(alias.EvaluateTargetHealth ? "true" : "false")}}}\n")
            : $"    values: {YamlScalar.List(set.Values ?? [])}\n");
        if (set.HealthCheckId is { } check)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"    healthCheckId: {YamlScalar.Of(check)}\n");
        }
    }
}
