using Modestano.Operator.Runtime;

namespace Modestano.Operator.Configuration;

/// <summary>The operator's configuration, read once at start and valid.</summary>
public sealed record OperatorOptions
{
    /// <summary>The kubeconfig file; null: found by the usual order.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The kubeconfig's context; null: the current one.</summary>
    public string? Context { get; init; }

    /// <summary>The namespaces to work in; empty: the whole cluster.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>What namespaces may use.</summary>
    public Grants Grants { get; init; } = Grants.None;

    /// <summary>Whether the process works only while it holds the lease.</summary>
    public bool LeaderElection { get; init; } = true;

    /// <summary>The lease's namespace; null: the pod's, or the context's.</summary>
    public string? LeaseNamespace { get; init; }

    /// <summary>The lease's name.</summary>
    public string LeaseName { get; init; } = "modestano-operator";

    /// <summary>How long a silent leader is believed.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a leader tries to renew.</summary>
    public TimeSpan LeaseRenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two attempts.</summary>
    public TimeSpan LeaseRetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Objects worked on at the same time.</summary>
    public WorkerCounts Workers { get; init; } = new(4, new Dictionary<string, int> { ["mongoreplicasets"] = 64 });

    /// <summary>plain or json.</summary>
    public string LogFormat { get; init; } = "plain";

    /// <summary>The least important level that is logged.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Address of the endpoints; <c>*</c>: all.</summary>
    public string BindAddress { get; init; } = "*";

    /// <summary>Port of /metrics; 0: none.</summary>
    public int MetricsPort { get; init; } = 8080;

    /// <summary>/metrics by HTTPS and for reviewed tokens only.</summary>
    public bool MetricsSecure { get; init; }

    /// <summary>Folder with tls.crt and tls.key; null: a self-signed certificate.</summary>
    public string? MetricsCertDir { get; init; }

    /// <summary>Port of /healthz and /readyz; 0: none.</summary>
    public int HealthPort { get; init; } = 8081;

    /// <summary>SOCKS5 proxy to MongoDB; null: none.</summary>
    public HostPort? MongoSocks5Proxy { get; init; }

    /// <summary>What every connection to MongoDB must have.</summary>
    public LeastSecurity MongoLeastSecurity { get; init; } = LeastSecurity.Any;

    /// <summary>Whether CAs are asked if they have revoked a member's certificate.</summary>
    public bool MongoCheckRevocation { get; init; }

    /// <summary>How many rounds of hashing a member may ask of a login.</summary>
    public int MongoMaxScramIterations { get; init; } = 1_000_000;

    /// <summary>How long a member may take for what a pass asks it, beside the round trips to it.</summary>
    public TimeSpan MongoProbeTimeout { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>Who this process is: pod name and UID, else host name and a random part.</summary>
    public string Identity { get; init; } = "";

    /// <summary>Reads and checks everything.</summary>
    /// <param name="reader">Flags and environment.</param>
    /// <param name="environment">For the pod's own variables: POD_NAME, POD_UID, POD_NAMESPACE.</param>
    /// <param name="readFile">Reads the grants file.</param>
    /// <exception cref="ConfigurationException">Something is not allowed; names every setting, value and what is allowed.</exception>
    public static OperatorOptions Read(SettingReader reader, Func<string, string?> environment, Func<string, string> readFile)
    {
        var namespaces = reader.Read(OperatorSettings.Namespaces);
        var options = new OperatorOptions
        {
            Kubeconfig = reader.Read(OperatorSettings.Kubeconfig),
            Context = reader.Read(OperatorSettings.Context),
            Namespaces = namespaces,
            Grants = ReadGrants(reader, readFile, clusterWide: namespaces.Count == 0),
            LeaderElection = reader.Read(OperatorSettings.LeaderElection),
            LeaseNamespace = reader.Read(OperatorSettings.LeaseNamespace) ?? environment("POD_NAMESPACE"),
            LeaseName = reader.Read(OperatorSettings.LeaseName),
            LeaseDuration = reader.Read(OperatorSettings.LeaseDuration),
            LeaseRenewDeadline = reader.Read(OperatorSettings.LeaseRenewDeadline),
            LeaseRetryPeriod = reader.Read(OperatorSettings.LeaseRetryPeriod),
            Workers = reader.Read(OperatorSettings.Workers),
            LogFormat = reader.Read(OperatorSettings.LogFormat),
            LogLevel = Enum.Parse<LogLevel>(reader.Read(OperatorSettings.LogLevel), ignoreCase: true),
            BindAddress = reader.Read(OperatorSettings.BindAddress),
            MetricsPort = reader.Read(OperatorSettings.MetricsPort),
            MetricsSecure = reader.Read(OperatorSettings.MetricsSecure),
            MetricsCertDir = reader.Read(OperatorSettings.MetricsCertDir),
            HealthPort = reader.Read(OperatorSettings.HealthPort),
            MongoSocks5Proxy = reader.Read(OperatorSettings.MongoSocks5Proxy),
            MongoLeastSecurity = reader.Read(OperatorSettings.MongoLeastSecurity),
            MongoCheckRevocation = reader.Read(OperatorSettings.MongoCheckRevocation),
            MongoMaxScramIterations = reader.Read(OperatorSettings.MongoMaxScramIterations),
            MongoProbeTimeout = reader.Read(OperatorSettings.MongoProbeTimeout),
            Identity = IdentityFrom(environment),
        };
        options.CheckTogether(reader, isInPod: environment("KUBERNETES_SERVICE_HOST") is { Length: > 0 });
        return reader.Mistakes.Count == 0 ? options : throw new ConfigurationException(reader.Mistakes);
    }

    /// <summary>The runtime's part.</summary>
    /// <param name="contextNamespace">Namespace of the pod's service account or of the kubeconfig's context.</param>
    public RuntimeOptions ToRuntimeOptions(string? contextNamespace) => new()
    {
        Namespaces = Namespaces,
        Workers = Workers.Default,
        WorkersByKind = Workers.ByKind,
        Identity = Identity,
        InstallationNamespace = LeaseNamespace ?? contextNamespace ?? "default",
        InstallationName = LeaseName,
        Lease = LeaderElection
            ? new LeaseOptions
            {
                Namespace = LeaseNamespace ?? contextNamespace ?? "default",
                Name = LeaseName,
                Duration = LeaseDuration,
                RenewDeadline = LeaseRenewDeadline,
                RetryPeriod = LeaseRetryPeriod,
            }
            : null,
    };

    private static Grants ReadGrants(SettingReader reader, Func<string, string> readFile, bool clusterWide)
    {
        if (reader.Read(OperatorSettings.Grants) is not { } path)
        {
            return clusterWide ? Grants.None : Grants.Namespaced;
        }

        try
        {
            return GrantsFile.Parse(readFile(path), path);
        }
        catch (ConfigurationException e)
        {
            foreach (var mistake in e.Mistakes)
            {
                reader.Reject(mistake);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reader.Reject($"{OperatorSettings.Grants.Flag}: the file '{path}' cannot be read: {e.Message}");
        }

        return Grants.None;
    }

    private static string IdentityFrom(Func<string, string?> environment)
    {
        var name = environment("POD_NAME") is { Length: > 0 } pod ? pod : Environment.MachineName.ToLowerInvariant();
        var unique = environment("POD_UID") is { Length: > 0 } uid ? uid : Guid.NewGuid().ToString("N");
        return $"{name}_{unique}";
    }

    private void CheckTogether(SettingReader reader, bool isInPod)
    {
        if (LeaseRenewDeadline >= LeaseDuration)
        {
            reader.Reject(
                $"{OperatorSettings.LeaseRenewDeadline.Flag}: {LeaseRenewDeadline.TotalSeconds:0.#}s must be shorter than "
                + $"{OperatorSettings.LeaseDuration.Flag} ({LeaseDuration.TotalSeconds:0.#}s), else two processes could lead");
        }

        if (LeaseRetryPeriod * 2 > LeaseRenewDeadline)
        {
            reader.Reject(
                $"{OperatorSettings.LeaseRetryPeriod.Flag}: {LeaseRetryPeriod.TotalSeconds:0.#}s must be at most half of "
                + $"{OperatorSettings.LeaseRenewDeadline.Flag} ({LeaseRenewDeadline.TotalSeconds:0.#}s), else one lost request costs the lead");
        }

        if (LeaseDuration.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            reader.Reject($"{OperatorSettings.LeaseDuration.Flag}: {LeaseDuration.TotalSeconds:0.###}s must be whole seconds, as a lease holds it");
        }

        if (MetricsPort != 0 && MetricsPort == HealthPort)
        {
            reader.Reject(
                $"{OperatorSettings.HealthPort.Flag}: {HealthPort} is {OperatorSettings.MetricsPort.Flag} too; give each its own port, or 0 to one of them");
        }

        if (MetricsCertDir is not null && !MetricsSecure)
        {
            reader.Reject($"{OperatorSettings.MetricsCertDir.Flag}: '{MetricsCertDir}' has no meaning without {OperatorSettings.MetricsSecure.Flag}");
        }

        if (Context is not null && Kubeconfig is null && isInPod)
        {
            reader.Reject($"{OperatorSettings.Context.Flag}: '{Context}' has no meaning inside a pod without {OperatorSettings.Kubeconfig.Flag}");
        }
    }
}
