using System.Globalization;
using System.Net;
using System.Text;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Cli.Views;

/// <summary>The grants file that today's objects need and no more: names as they are written, to be shortened to suffixes by whoever reads it. Pure.</summary>
internal static class GrantsText
{
    private const int MongoPort = 27017;

    public static string Of(IReadOnlyCollection<MongoReplicaSet> sets, IReadOnlyCollection<WeightedDnsRecord> records, IReadOnlyCollection<RegionMigration> migrations)
    {
        var yaml = new StringBuilder("# What the objects of today need. Read it before you take it over: it grants what they ask for, not what they should have.\n");
        Hosts(yaml, sets);
        Providers(yaml, records);
        Prometheus(yaml, migrations);
        return yaml.ToString();
    }

    private static void Hosts(StringBuilder yaml, IEnumerable<MongoReplicaSet> sets)
    {
        var hosts = sets.SelectMany(s => s.Spec.Regions.SelectMany(r => r.Members).Select(m => (Namespace: s.Metadata.NamespaceProperty, Host: Split(m.Host)))).ToList();
        yaml.Append(hosts.Count == 0 ? "hosts: []\n" : "hosts:\n");

        // One entry a namespace and port: hosts of one port are not granted at another's.
        foreach (var entry in hosts.GroupBy(h => (h.Namespace, h.Host.Port)).OrderBy(g => g.Key.Namespace, StringComparer.Ordinal).ThenBy(g => g.Key.Port))
        {
            var names = entry.Select(h => h.Host.Name).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).ToLookup(n => IPAddress.TryParse(n, out _));
            yaml.Append("- namespaces: ").Append(List([entry.Key.Namespace])).Append('\n');
            Item(yaml, "suffixes", names[false]);
            Item(yaml, "cidrs", names[true].Select(n => $"{n}/{(n.Contains(':', StringComparison.Ordinal) ? 128 : 32)}"));
            yaml.Append(CultureInfo.InvariantCulture, $"  ports: [{entry.Key.Port}]\n");
        }
    }

    private static void Providers(StringBuilder yaml, IReadOnlyCollection<WeightedDnsRecord> records)
    {
        yaml.Append(records.Count == 0 ? "providers: []\n" : "providers:\n");
        foreach (var provider in records.GroupBy(r => r.Spec.ProviderRef.Name).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            yaml.Append("- name: ").Append(Scalar(provider.Key)).Append("   # with its roleArn, if it assumes one\n");
            Item(yaml, "namespaces", provider.Select(r => r.Metadata.NamespaceProperty));
            Item(yaml, "zones", provider.Select(r => r.Spec.HostedZone.Id ?? $"the id of {r.Spec.HostedZone.Name}"));
            Item(yaml, "nameSuffixes", provider.Select(r => r.Spec.Name.Replace("*.", "", StringComparison.Ordinal)));
            Item(yaml, "recordTypes", provider.Select(r => r.Spec.Type));
        }
    }

    private static void Prometheus(StringBuilder yaml, IEnumerable<RegionMigration> migrations)
    {
        var gates = migrations.SelectMany(m => (m.Spec.Gates.Prometheus ?? []).Select(g => (g.PrometheusRef, m.Metadata.NamespaceProperty))).ToLookup(g => g.PrometheusRef, g => g.NamespaceProperty);
        yaml.Append(gates.Count == 0 ? "prometheus: []\n" : "prometheus:\n");
        foreach (var server in gates.OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            yaml.Append("- name: ").Append(Scalar(server.Key)).Append('\n');
            Item(yaml, "namespaces", server);
            yaml.Append("  url: \"\"   # its base URL\n");
        }
    }

    private static void Item(StringBuilder yaml, string name, IEnumerable<string> values)
    {
        var all = values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (all.Count > 0)
        {
            yaml.Append("  ").Append(name).Append(": ").Append(List(all)).Append('\n');
        }
    }

    private static string List(IEnumerable<string> values) => YamlScalar.List(values);

    // What a manifest says must not become YAML of its own.
    private static string Scalar(string text) => YamlScalar.Of(text);

    private static (string Name, int Port) Split(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon > 0 && int.TryParse(host[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (host[..colon].Trim('[', ']'), port)
            : (host, MongoPort);
    }
}
