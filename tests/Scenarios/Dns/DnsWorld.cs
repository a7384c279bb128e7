using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Sending;
using Modestano.Operator.Runtime;
using Modestano.Testbed.Iam;
using Modestano.Testbed.Route53;
using Prometheus;
using HostedZone = Modestano.Testbed.Route53.Zones.HostedZone;

namespace Modestano.Scenarios.Dns;

/// <summary>
/// The record controller on the embedded Route 53, over real HTTP, in virtual time: what waits for minutes takes no time, and the same
/// moments come every run. Only the API server is a dictionary here.
/// </summary>
internal sealed class DnsWorld : IAsyncDisposable
{
    public const string Namespace = "shop";

    /// <summary>Another namespace with the same grant.</summary>
    public const string Neighbour = "blog";

    /// <summary>The operator's own key.</summary>
    public const string AccessKey = "AKIDEXAMPLE";

    private readonly List<ServiceProvider> _processes = [];
    private readonly IRoute53Accounts? _accounts;

    private DnsWorld(EmbeddedRoute53 route53, FakeTimeProvider time, Func<EmbeddedRoute53, IRoute53Accounts>? accounts)
    {
        (Route53, Time) = (route53, time);
        _accounts = accounts?.Invoke(route53);
        Zone = route53.Zones.CreateZone("modestano.com");
        Leadership = new VirtualLeadership(time);
        _processes.Add(NewProcess());
    }

    /// <summary>The process that works now.</summary>
    private ServiceProvider Process => _processes[^1];

    public EmbeddedRoute53 Route53 { get; }

    public FakeTimeProvider Time { get; }

    public HostedZone Zone { get; }

    public StoredEntities<WeightedDnsRecord> Records { get; } = new();

    public StoredEntities<RegionMigration> Migrations { get; } = new();

    public VirtualLeadership Leadership { get; }

    public RecordedEvents Events { get; } = new();

    public CollectorRegistry Registry { get; private set; } = Metrics.NewCustomRegistry();

    public ZoneBatcher Batcher => Process.GetRequiredService<ZoneBatcher>();

    /// <summary>What the next process's configuration says besides.</summary>
    public Func<Grants, Grants> ChangeGrants { get; set; } = grants => grants;

    public IEntityController<WeightedDnsRecord> Controller => Process.GetRequiredService<IEntityController<WeightedDnsRecord>>();

    /// <summary>Weights of a name as the service lists them: <c>eu-west-1:255 eu-west-2:0</c>.</summary>
    public string Weights(string name = "shop.modestano.com.") =>
        string.Join(' ', Route53.Zones.Sets(Zone.Id).Values.Where(s => s.Name == name && s.Type == "A").Select(s => $"{s.SetIdentifier}:{s.Weight}"));

    /// <param name="iam">Who may do what; absent: everybody everything.</param>
    /// <param name="accounts">Other clients than the operator makes.</param>
    public static async Task<DnsWorld> StartAsync(IamDirectory? iam = null, Func<EmbeddedRoute53, IRoute53Accounts>? accounts = null)
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", AccessKey);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        var route53 = await EmbeddedRoute53.StartAsync(new Route53Options
        {
            Time = time,
            PropagationDelay = TimeSpan.FromSeconds(20),
            ProcessingTime = TimeSpan.Zero,
            RequestsPerSecond = null,
            Iam = iam,
        });
        return new DnsWorld(route53, time, accounts);
    }

    /// <summary>A record <c>shop.modestano.com</c> with two endpoints.</summary>
    public WeightedDnsRecord Shop(int ireland = 255, int london = 0, ShiftSpec? shift = null, string name = "shop", Func<WeightedDnsRecordSpec, WeightedDnsRecordSpec>? with = null)
    {
        var spec = new WeightedDnsRecordSpec
        {
            ProviderRef = new LocalObjectReference { Name = "production" },
            HostedZone = new HostedZoneReference { Id = Zone.Id },
            Name = "shop.modestano.com",
            Type = "A",
            Ttl = 60,
            Endpoints =
            [
                new EndpointSpec { SetIdentifier = "eu-west-1", Region = "eu-west-1", Weight = ireland, Values = ["192.0.2.1"] },
                new EndpointSpec { SetIdentifier = "eu-west-2", Region = "eu-west-2", Weight = london, Values = ["192.0.2.2"] },
            ],
            Shift = shift,
        };
        return Put(name, with is null ? spec : with(spec));
    }

    /// <summary>Stores a spec; a change of it makes a new generation.</summary>
    public WeightedDnsRecord Put(string name, WeightedDnsRecordSpec spec, string inNamespace = Namespace, DateTimeOffset? created = null)
    {
        var existing = Records.Find(new ObjectKey(inNamespace, name));
        return Records.Put(
            new WeightedDnsRecord
            {
                Metadata = existing?.Metadata ?? new V1ObjectMeta { Name = name, NamespaceProperty = inNamespace, Uid = Guid.NewGuid().ToString(), CreationTimestamp = (created ?? Time.GetUtcNow()).UtcDateTime },
                Spec = spec,
                Status = existing?.Status,
            },
            newGeneration: true);
    }

    /// <summary>One pass, and where it asked for a batch the one that takes in what became of it.</summary>
    public Task<ReconciliationResult> PassAsync(string name = "shop") => WithBatchAsync(name, () => Controller.ReconcileAsync(Record(name), CancellationToken.None));

    /// <summary>A pass for each, all at the same moment, and where they asked for a batch those that take in what became of it.</summary>
    public async Task<IReadOnlyList<ReconciliationResult>> PassAllAsync(IReadOnlyList<string> names)
    {
        Task<ReconciliationResult[]> Once() => Task.WhenAll(names.Select(name => Task.Run(() => Controller.ReconcileAsync(Record(name), CancellationToken.None))));

        var results = await Once();
        var asked = names.Select(name => Batcher.Find(new ObjectKey(Namespace, name), Record(name).Metadata.Uid)).OfType<BatchPart>().ToList();
        foreach (var part in asked)
        {
            await BatchAsync(part);
        }

        return asked.Count == 0 ? results : await Once();
    }

    /// <summary>Passes, each when the former one asked for it, until a condition holds or so much virtual time has passed.</summary>
    /// <returns>The virtual time that it took.</returns>
    public async Task<TimeSpan> RunUntilAsync(Func<WeightedDnsRecord, bool> done, TimeSpan? limit = null, string name = "shop", Action? eachPass = null)
    {
        var begun = Time.GetUtcNow();
        while (Time.GetUtcNow() - begun < (limit ?? TimeSpan.FromHours(3)))
        {
            var result = await PassAsync(name);
            eachPass?.Invoke();
            if (done(Record(name)))
            {
                return Time.GetUtcNow() - begun;
            }

            Time.Advance(result.RequeueAfter ?? TimeSpan.FromSeconds(5));
        }

        var conditions = string.Join("; ", Record(name).Status?.Conditions?.Select(c => $"{c.Type}={c.Status} {c.Reason}: {c.Message}") ?? []);
        throw new AssertionException($"not reached in time; weights {Weights()}; {conditions}");
    }

    public Task<TimeSpan> RunUntilReadyAsync(string name = "shop", Action? eachPass = null) => RunUntilAsync(IsReady, name: name, eachPass: eachPass);

    public Task<ReconciliationResult> FinalizeAsync(string name = "shop")
    {
        var record = Record(name);
        record.Metadata.DeletionTimestamp ??= Time.GetUtcNow().UtcDateTime;
        Records.Put(record, newGeneration: false);
        return WithBatchAsync(name, () => Process.GetRequiredService<IEntityFinalizer<WeightedDnsRecord>>().FinalizeAsync(Record(name), CancellationToken.None));
    }

    public WeightedDnsRecord Record(string name = "shop") => Records.Find(new ObjectKey(Namespace, name)) ?? throw new AssertionException($"there is no record {name}");

    public Condition Condition(string type, string name = "shop") =>
        Record(name).Status?.Conditions?.FirstOrDefault(c => c.Type == type) ?? throw new AssertionException($"{name} has no condition {type}");

    public static bool IsReady(WeightedDnsRecord record) =>
        record.Status?.ObservedGeneration == record.Metadata.Generation && record.Status?.Conditions?.Any(c => c is { Type: ConditionTypes.Ready, Status: "True" }) == true;

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await Route53.DisposeAsync();
    }

    /// <summary>Another process takes over: it knows what is stored, and nothing else.</summary>
    public void TakeOver()
    {
        Registry = Metrics.NewCustomRegistry();
        _processes.Add(NewProcess());
    }

    private ServiceProvider NewProcess()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IMetricFactory>(Metrics.WithCustomRegistry(Registry));
        services.AddSingleton(new OperatorOptions());
        services.AddSingleton<IInstallation>(new FixedInstallation());
        services.AddSingleton(ChangeGrants(Granted()));
        services.AddSingleton<IEventRecorder>(Events);
        services.AddSingleton<ILeadership>(Leadership);
        services.AddSingleton<IEntityQueue<WeightedDnsRecord>>(new NoQueue());
        if (_accounts is not null)
        {
            services.AddSingleton(_accounts);
        }

        services.AddDns();
        services.AddSingleton<IEntityCache<WeightedDnsRecord>>(Records).AddSingleton<IEntityClient<WeightedDnsRecord>>(Records);
        services.AddSingleton<IEntityCache<RegionMigration>>(Migrations).AddSingleton<IEntityClient<RegionMigration>>(Migrations);
        return services.BuildServiceProvider();
    }

    private async Task<ReconciliationResult> WithBatchAsync(string name, Func<Task<ReconciliationResult>> pass)
    {
        var result = await pass();
        if (Batcher.Find(new ObjectKey(Namespace, name), Record(name).Metadata.Uid) is not { } asked)
        {
            return result;
        }

        await BatchAsync(asked);
        return await pass();
    }

    private async Task BatchAsync(BatchPart asked)
    {
        while (!asked.Taken.IsCompleted)
        {
            Time.Advance(ZoneBatcher.Quiet);
            await Task.WhenAny(asked.Taken, Task.Delay(20));
        }

        await asked.Ended;
    }

    private Grants Granted() => Grants.None with
    {
        Providers =
        [
            new ProviderGrant
            {
                Name = "production",
                Namespaces = new NamespaceList([Namespace, Neighbour]),
                Zones = [Zone.Id],
                NameSuffixes = ["modestano.com"],
                RecordTypes = ["A", "AAAA", "CNAME", "TXT"],
                Endpoint = Route53.Endpoint,
                RequestsPerSecond = 1e9,
            },
        ],
    };

    /// <summary>An installation that everybody knows.</summary>
    internal sealed class FixedInstallation : IInstallation
    {
        public string Identity => "modestano";

        public Task ReadAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Nobody waits for it: a pass here goes on until its batch has ended.</summary>
    private sealed class NoQueue : IEntityQueue<WeightedDnsRecord>
    {
        public void Enqueue(ObjectKey key)
        {
        }

        public void EnqueueAfter(ObjectKey key, TimeSpan delay)
        {
        }
    }
}
