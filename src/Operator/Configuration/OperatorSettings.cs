using System.Globalization;
using System.Text.RegularExpressions;

namespace Modestano.Operator.Configuration;

/// <summary>Every setting of <c>modestano-operator run</c>.</summary>
internal static partial class OperatorSettings
{
    public static readonly Setting<string?> Kubeconfig = SettingTypes.Text(
        "kubeconfig", "Kubeconfig file. Without it: the pod's service account, else KUBECONFIG, else ~/.kube/config.", "a file's path");

    public static readonly Setting<string?> Context = SettingTypes.Text(
        "context", "Context of the kubeconfig; without it the current one.", "a context's name");

    public static readonly Setting<IReadOnlyList<string>> Namespaces = SettingTypes.Names(
        "namespaces", "Namespaces to work in, separated by commas. Without it the whole cluster.");

    public static readonly Setting<string?> Grants = SettingTypes.Text(
        "grants", "YAML file with what namespaces may use: DNS providers, Prometheus servers, MongoDB hosts.", "a file's path");

    public static readonly Setting<bool> LeaderElection = SettingTypes.Switch(
        "leader-election", "Work only while holding the lease. Switch off only where there is never a second process.", true);

    public static readonly Setting<string?> LeaseNamespace = SettingTypes.Text(
        "lease-namespace", "Namespace of the lease; without it the pod's, else that of the kubeconfig's context.", "a namespace's name");

    public static readonly Setting<string> LeaseName = SettingTypes.Matching(
        "lease-name", "Name of the lease.", SettingTypes.DnsSubdomain(), "a DNS name", "modestano-operator");

    public static readonly Setting<TimeSpan> LeaseDuration = SettingTypes.Time(
        "lease-duration", "How long a leader that fell silent is believed: the longest time without a leader after a crash.",
        TimeSpan.FromSeconds(4), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(15));

    public static readonly Setting<TimeSpan> LeaseRenewDeadline = SettingTypes.Time(
        "lease-renew-deadline", "A leader that could not renew for this long gives up.",
        TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(10));

    public static readonly Setting<TimeSpan> LeaseRetryPeriod = SettingTypes.Time(
        "lease-retry-period", "Time between two attempts to acquire or renew.",
        TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(2));

    public static readonly Setting<WorkerCounts> Workers = new(
        "workers", "Objects of a kind that are worked on at the same time, with exceptions by kind.",
        "a number from 1 to 100, then kind=number where it differs, as 4 or 4,mongoreplicasets=32", "4,mongoreplicasets=64", WorkerCounts.TryParse);

    public static readonly Setting<string> LogFormat = SettingTypes.Choice("log-format", "Format of the log on standard output.", "plain", "plain", "json");

    public static readonly Setting<string> LogLevel = SettingTypes.Choice(
        "log-level", "Least important level that is logged.", "information", "trace", "debug", "information", "warning", "error", "critical");

    public static readonly Setting<string> BindAddress = SettingTypes.Matching(
        "bind-address", "Address that metrics and health endpoints listen on.", Address(), "an IP address, or * for all", "*");

    public static readonly Setting<int> MetricsPort = SettingTypes.Number("metrics-port", "Port of /metrics; 0: none.", 0, 65535, 8080);

    public static readonly Setting<bool> MetricsSecure = SettingTypes.Switch(
        "metrics-secure", "Serve /metrics over HTTPS, and only to those whose bearer token the API server lets get the path /metrics.", false);

    public static readonly Setting<string?> MetricsCertDir = SettingTypes.Text(
        "metrics-cert-dir", "Folder with tls.crt and tls.key for --metrics-secure, read again when they change. Without it: a self-signed certificate.", "a folder's path");

    public static readonly Setting<int> HealthPort = SettingTypes.Number("health-port", "Port of /healthz and /readyz; 0: none.", 0, 65535, 8081);

    public static readonly Setting<HostPort?> MongoSocks5Proxy = new(
        "mongo-socks5-proxy", "SOCKS5 proxy through which MongoDB members are reached.", "host:port", "", HostPort.TryParse);

    public static readonly Setting<LeastSecurity> MongoLeastSecurity = SettingTypes.Choice(
        "mongo-least-security", "What every connection to MongoDB must have, whatever a spec says. any: as the spec says; tls: TLS; strong: TLS and SCRAM-SHA-256 or MONGODB-X509.",
        LeastSecurity.Any);

    public static readonly Setting<bool> MongoCheckRevocation = SettingTypes.Switch(
        "mongo-check-revocation", "Ask the CAs whether they have revoked a MongoDB member's certificate. A certificate that names neither CRL nor OCSP responder, or one that does not answer, is refused then.", false);

    public static readonly Setting<int> MongoMaxScramIterations = SettingTypes.Number(
        "mongo-max-scram-iterations", "How many rounds of hashing a MongoDB member may ask of a login (its scramSHA256IterationCount). A million take about half a second of a processor.",
        15_000, 10_000_000, 1_000_000);

    public static readonly Setting<TimeSpan> MongoProbeTimeout = SettingTypes.Time(
        "mongo-probe-timeout", "How long a MongoDB member may take for all that one pass asks it, beside the round trips to it, which are measured and added.",
        TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2.5));

    /// <summary>All of them, in the order of the help.</summary>
    public static readonly IReadOnlyList<Setting> All =
    [
        Kubeconfig, Context, Namespaces, Grants, Workers,
        LeaderElection, LeaseNamespace, LeaseName, LeaseDuration, LeaseRenewDeadline, LeaseRetryPeriod,
        MongoSocks5Proxy, MongoLeastSecurity, MongoCheckRevocation, MongoMaxScramIterations, MongoProbeTimeout, BindAddress, MetricsPort, MetricsSecure, MetricsCertDir, HealthPort, LogFormat, LogLevel,
    ];

    [GeneratedRegex(@"^(\*|[0-9.]+|\[?[0-9a-fA-F:]+\]?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}

/// <summary>Workers for every kind, and exceptions by the kind's plural.</summary>
public sealed record WorkerCounts(int Default, IReadOnlyDictionary<string, int> ByKind)
{
    private static readonly string[] Kinds = ["mongoreplicasets", "weighteddnsrecords", "regionmigrations"];

    /// <summary>Reads <c>4</c> or <c>4,mongoreplicasets=16</c>.</summary>
    public static bool TryParse(string text, out WorkerCounts value)
    {
        var count = 4;
        var byKind = new Dictionary<string, int>();
        value = new WorkerCounts(count, byKind);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var sides = part.Split('=', StringSplitOptions.TrimEntries);
            if (!int.TryParse(sides[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 100)
            {
                return false;
            }

            if (sides.Length == 1)
            {
                count = number;
            }
            else if (sides.Length == 2 && Kinds.Contains(sides[0]))
            {
                byKind[sides[0]] = number;
            }
            else
            {
                return false;
            }
        }

        value = new WorkerCounts(count, byKind);
        return true;
    }
}

/// <summary>A host and a port.</summary>
public sealed record HostPort(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>; an empty text is none.</summary>
    public static bool TryParse(string text, out HostPort? value)
    {
        value = null;
        if (text.Length == 0)
        {
            return true;
        }

        var colon = text.LastIndexOf(':');
        if (colon < 1 || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            return false;
        }

        value = new HostPort(text[..colon].Trim('[', ']'), port);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
