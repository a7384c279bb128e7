using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Schedules;

namespace Modestano.Operator.Configuration;

/// <summary>Turns the entries of a grants file into grants, and collects what is wrong with them.</summary>
internal sealed partial class GrantsCheck(string path)
{
    private static readonly string[] RecordTypes = ["A", "AAAA", "CNAME", "TXT"];

    private static readonly TimeSpan LongestFreeze = TimeSpan.FromHours(744);

    private const string Suffixes = "domain names as example.internal without a star: each covers the names below it; or \"*\" alone for any name";

    public List<string> Mistakes { get; } = [];

    public ProviderGrant Provider(ProviderEntry entry, string at) => new()
    {
        Name = Name(entry.Name, at),
        Namespaces = Namespaces(entry.Namespaces, at),
        Zones = Each(entry.Zones, $"{at}.zones", z => ZoneId().IsMatch(z), "ids of hosted zones (not their names) as Z0123456789"),
        NameSuffixes = Each(entry.NameSuffixes, $"{at}.nameSuffixes", IsSuffix, Suffixes),
        RecordTypes = entry.RecordTypes is null
            ? RecordTypes
            : Each(entry.RecordTypes, $"{at}.recordTypes", RecordTypes.Contains, string.Join(", ", RecordTypes)),
        RoleArn = Optional(entry.RoleArn, $"{at}.roleArn", r => RoleArn().IsMatch(r), "the ARN of an IAM role as arn:aws:iam::123456789012:role/dns"),
        Endpoint = entry.Endpoint is null ? null : Url(entry.Endpoint, $"{at}.endpoint"),
        Probes = new ProbeGrant(
            entry.Probes?.Ports is { } ports ? Ports(ports, $"{at}.probes.ports") : [80, 443], Cidrs(entry.Probes?.Cidrs, $"{at}.probes.cidrs")),
        RequestsPerSecond = Rate(entry.RequestsPerSecond, $"{at}.requestsPerSecond"),
    };

    public PrometheusGrant Prometheus(PrometheusEntry entry, string at) => new()
    {
        Name = Name(entry.Name, at),
        Namespaces = Namespaces(entry.Namespaces, at),
        Url = Url(entry.Url, $"{at}.url"),
        BearerTokenFile = entry.BearerTokenFile,
        EnforcedLabel = Optional(entry.EnforcedLabel, $"{at}.enforcedLabel", l => LabelName().IsMatch(l), "the name of a label, as namespace"),
        Queries = Queries(entry.Queries, $"{at}.queries"),
        AllSeries = entry.AllSeries ?? false,
    };

    public HostGrant Hosts(HostEntry entry, string at)
    {
        if (entry.Suffixes is not { Count: > 0 } && entry.Cidrs is not { Count: > 0 })
        {
            Reject(at, null, "suffixes, cidrs or both");
        }

        return new()
        {
            Namespaces = Namespaces(entry.Namespaces, at),
            Suffixes = entry.Suffixes is null ? [] : Each(entry.Suffixes, $"{at}.suffixes", s => IsSuffix(s) && !IPAddress.TryParse(s, out _), Suffixes),
            Cidrs = Cidrs(entry.Cidrs, $"{at}.cidrs"),
            Ports = entry.Ports is null ? [GrantedHost.DefaultPort] : Ports(entry.Ports, $"{at}.ports"),
        };
    }

    public AdoptionGrant Adoption(AdoptionEntry entry, string at) => new()
    {
        Namespaces = Namespaces(entry.Namespaces, at),
        PreviousOwners = Each(
            entry.PreviousOwners, $"{at}.previousOwners", o => PreviousOwner().IsMatch(o), "owners as modestano/shop/api, or modestano/shop/* for all names of a namespace"),
    };

    public Freeze? Freeze(FreezeEntry entry, string at)
    {
        var name = Name(entry.Name, at);
        var isLength = Duration.TryParse(entry.Duration, out var duration) && duration.Value <= LongestFreeze;
        if (!isLength)
        {
            Reject($"{at}.duration", entry.Duration, "a duration from 1m to 744h, as 90m or 336h");
        }

        var window = RecurringWindow.Read(entry.Schedule ?? "", isLength ? duration.Value : LongestFreeze, entry.TimeZone, out var mistake);
        if (window is null)
        {
            Mistakes.Add($"{path}: {at}.{mistake}");
        }

        return window is null ? null : new Freeze(name, window);
    }

    public IReadOnlyList<string> InstanceIds(List<string>? ids) => ids is null ? [] : Each(ids, "previousInstanceIds", i => InstanceId().IsMatch(i), "names that this installation had, as modestano");

    /// <summary>What was written before hosts were granted by namespace: for everybody, at any port. An address among them stands for itself.</summary>
    public IReadOnlyList<HostGrant> CredentialHosts(List<string> suffixes) => suffixes.Count == 0 ? [] :
    [
        new HostGrant
        {
            Namespaces = new NamespaceList(["*"]),
            Suffixes = Each([.. suffixes], "credentialHostSuffixes", s => IsSuffix(s) || IPAddress.TryParse(s, out _), Suffixes),
            Cidrs =
            [
                .. suffixes.Where(s => IPAddress.TryParse(s, out _)).Select(IPAddress.Parse).Select(a => new IPNetwork(a, a.GetAddressBytes().Length * 8)),
                .. suffixes.Contains("*") ? HostGrant.Any.Cidrs : [],
            ],
        },
    ];

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

    private Dictionary<string, string> Queries(Dictionary<string, string>? queries, string at)
    {
        foreach (var (name, query) in queries ?? [])
        {
            if (!SettingTypes.DnsSubdomain().IsMatch(name) || string.IsNullOrWhiteSpace(query))
            {
                Reject(at, name, "names of lower-case letters, digits, hyphens and dots, each with a query");
            }
        }

        return queries ?? [];
    }

    private List<IPNetwork> Cidrs(List<string>? texts, string at)
    {
        const string allowed = "ranges of addresses as 10.20.0.0/16 or fd12:3456::/48";
        return texts is null ? [] : [.. Each(texts, at, t => IPNetwork.TryParse(t, out _), allowed).Select(t => IPNetwork.TryParse(t, out var range) ? range : default)];
    }

    private List<int> Ports(List<int> ports, string at)
    {
        if (ports.Count == 0 || ports.Any(p => p is < 1 or > 65535))
        {
            Reject(at, ports.Count == 0 ? null : string.Join(", ", ports), "ports from 1 to 65535");
        }

        return ports;
    }

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
            Reject(at, value?.ToString(CultureInfo.InvariantCulture), "a number above 0, at most 1000; Route 53 allows 5 an account");
        }

        return value ?? 4;
    }

    private void Reject(string at, string? value, string allowed) =>
        Mistakes.Add($"{path}: {at}: {(value is null ? "nothing is given" : $"'{value}' is not allowed")}; allowed: {allowed}");

    // A suffix covers what is below it: a star before it would be one label of the name, which no host has.
    private static bool IsSuffix(string text) => text == "*" || Suffix().IsMatch(text);

    [GeneratedRegex(@"^\.?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?$", RegexOptions.CultureInvariant)]
    private static partial Regex Suffix();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9./]{0,400}[a-z0-9])?/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?|\*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex PreviousOwner();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9./]{0,400}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex InstanceId();

    [GeneratedRegex(@"\A[a-zA-Z_][a-zA-Z0-9_]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelName();

    [GeneratedRegex(@"^[A-Za-z0-9][^/\s.]{0,31}$", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneId();

    [GeneratedRegex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/.{1,512}$", RegexOptions.CultureInvariant)]
    private static partial Regex RoleArn();
}
