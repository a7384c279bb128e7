using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Modestano.Operator.Configuration;

/// <summary>Reads the grants file (YAML) and checks it, each mistake with the path of its field.</summary>
public static partial class GrantsFile
{
    private static readonly string[] RecordTypes = ["A", "AAAA", "CNAME", "TXT"];

    /// <summary>Reads the text of a grants file.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="path">The file's path, for messages.</param>
    /// <exception cref="ConfigurationException">Not YAML, an unknown field, or a value that is not allowed.</exception>
    public static Grants Parse(string yaml, string path)
    {
        Document document;
        try
        {
            var deserializer = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
            document = deserializer.Deserialize<Document?>(yaml) ?? new Document();
        }
        catch (YamlException e)
        {
            throw new ConfigurationException([$"{path}, line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}"]);
        }

        var check = new Check(path);
        var grants = new Grants(
            [.. (document.Providers ?? []).Select((p, i) => check.Provider(p, $"providers[{i}]"))],
            [.. (document.Prometheus ?? []).Select((p, i) => check.Prometheus(p, $"prometheus[{i}]"))],
            document.CredentialHostSuffixes ?? [],
            new ProbePolicy(document.Probes?.AllowLoopback ?? false));
        check.Unique(grants.Providers.Select(p => p.Name), "providers");
        check.Unique(grants.Prometheus.Select(p => p.Name), "prometheus");
        return check.Mistakes.Count == 0 ? grants : throw new ConfigurationException(check.Mistakes);
    }

    [GeneratedRegex(@"^[A-Za-z0-9][^/\s.]{0,31}$", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneId();

    [GeneratedRegex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.{1,512}$", RegexOptions.CultureInvariant)]
    private static partial Regex RoleArn();

    private sealed class Check(string path)
    {
        public List<string> Mistakes { get; } = [];

        public ProviderGrant Provider(ProviderEntry entry, string at) => new()
        {
            Name = Name(entry.Name, at),
            Namespaces = Namespaces(entry.Namespaces, at),
            Zones = Each(entry.Zones, $"{at}.zones", z => ZoneId().IsMatch(z), "ids of hosted zones (not their names) as Z0123456789"),
            NameSuffixes = Each(entry.NameSuffixes, $"{at}.nameSuffixes", s => s.Length > 0, "domain names as shop.example.com"),
            RecordTypes = entry.RecordTypes is null
                ? RecordTypes
                : Each(entry.RecordTypes, $"{at}.recordTypes", RecordTypes.Contains, string.Join(", ", RecordTypes)),
            RoleArn = Optional(entry.RoleArn, $"{at}.roleArn", r => RoleArn().IsMatch(r), "the ARN of an IAM role as arn:aws:iam::123456789012:role/dns"),
            Endpoint = entry.Endpoint is null ? null : Url(entry.Endpoint, $"{at}.endpoint"),
            RequestsPerSecond = Rate(entry.RequestsPerSecond, $"{at}.requestsPerSecond"),
        };

        public PrometheusGrant Prometheus(PrometheusEntry entry, string at) => new()
        {
            Name = Name(entry.Name, at),
            Namespaces = Namespaces(entry.Namespaces, at),
            Url = Url(entry.Url, $"{at}.url"),
            BearerTokenFile = entry.BearerTokenFile,
        };

        public void Unique(IEnumerable<string> names, string at)
        {
            foreach (var twice in names.GroupBy(n => n).Where(g => g.Key.Length > 0 && g.Count() > 1))
            {
                Reject(at, twice.Key, "each name once; list all its namespaces in one entry");
            }
        }

        private string Name(string? name, string at)
        {
            if (name is null || !SettingTypes.DnsSubdomain().IsMatch(name))
            {
                Reject($"{at}.name", name, "lower-case letters, digits, hyphens and dots");
            }

            return name ?? "";
        }

        private NamespaceList Namespaces(List<string>? names, string at) =>
            new(Each(names, $"{at}.namespaces", n => n == "*" || SettingTypes.DnsLabel().IsMatch(n), "names of namespaces, or \"*\" for all"));

        private List<string> Each(List<string>? values, string at, Func<string, bool> isAllowed, string allowed)
        {
            if (values is null || values.Count == 0)
            {
                Reject(at, null, $"at least one of: {allowed}");
            }

            foreach (var value in (values ?? []).Where(v => v is null || !isAllowed(v)))
            {
                Reject(at, value, allowed);
            }

            return values ?? [];
        }

        private string? Optional(string? value, string at, Func<string, bool> isAllowed, string allowed)
        {
            if (value is not null && !isAllowed(value))
            {
                Reject(at, value, allowed);
            }

            return value;
        }

        private Uri Url(string? text, string at)
        {
            if (Uri.TryCreate(text?.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            {
                return url!;
            }

            Reject(at, text, "a URL that begins with http:// or https://");
            return new Uri("http://invalid/");
        }

        private double Rate(double? value, string at)
        {
            if (value is <= 0 or > 1000 || value is double.NaN)
            {
                Reject(at, value?.ToString(System.Globalization.CultureInfo.InvariantCulture), "a number above 0, at most 1000; Route 53 allows 5 an account");
            }

            return value ?? 4;
        }

        private void Reject(string at, string? value, string allowed) =>
            Mistakes.Add($"{path}: {at}: {(value is null ? "nothing is given" : $"'{value}' is not allowed")}; allowed: {allowed}");
    }

    private sealed class Document
    {
        public List<ProviderEntry>? Providers { get; set; }

        public List<PrometheusEntry>? Prometheus { get; set; }

        public List<string>? CredentialHostSuffixes { get; set; }

        public ProbesEntry? Probes { get; set; }
    }

    private sealed class ProviderEntry
    {
        public string? Name { get; set; }

        public List<string>? Namespaces { get; set; }

        public List<string>? Zones { get; set; }

        public List<string>? NameSuffixes { get; set; }

        public List<string>? RecordTypes { get; set; }

        public string? RoleArn { get; set; }

        public string? Endpoint { get; set; }

        public double? RequestsPerSecond { get; set; }
    }

    private sealed class PrometheusEntry
    {
        public string? Name { get; set; }

        public List<string>? Namespaces { get; set; }

        public string? Url { get; set; }

        public string? BearerTokenFile { get; set; }
    }

    private sealed class ProbesEntry
    {
        public bool? AllowLoopback { get; set; }
    }
}
