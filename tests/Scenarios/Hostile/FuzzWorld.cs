using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Gates;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Informers;
using Modestano.Scenarios.Dns;
using Modestano.Scenarios.Virtual;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.Hostile;

/// <summary>The committed samples and what they need, in virtual time: members in two regions, a zone, the real controllers of all three kinds.</summary>
internal sealed class FuzzWorld : IDisposable
{
    public const string Namespace = "shop";

    private static readonly IReadOnlyList<JsonObject> Samples = [.. new[] { "mongoreplicaset", "weighteddnsrecord", "regionmigration" }
        .Select(file => Repository.Documents(Repository.Read($"config/samples/marketplace/{file}.yaml")).Single())];

    private readonly VirtualCluster _cluster;
    private readonly MutatedAnswers? _answers;
    private readonly int _seed;
    private readonly List<string> _crashes = [];
    private VirtualOperator? _operator;

    /// <param name="seed">Everything follows from it.</param>
    /// <param name="answers">What changes the answers that the operator gets; null: they arrive as they are.</param>
    public FuzzWorld(int seed, MutatedAnswers? answers)
    {
        (_seed, _answers) = (seed, answers);
        _cluster = new VirtualCluster(seed, "modestano.test");
        foreach (var (region, host) in from region in (string[])["eu-west-1", "eu-west-2"] from letter in "abc" select (region, $"mongo-{letter}.{region}.modestano.test:27017"))
        {
            _cluster.Network.AddMember(new MemberOptions { Host = host, Region = region, Version = ServerVersion.Mongo70, Disk = new DiskOptions { InitialSyncBytesPerSecond = 20_000 } });
        }

        string[] first = [.. "abc".Select(l => $"mongo-{l}.eu-west-1.modestano.test:27017")];
        var members = new BsonArray(first.Select((host, id) => new BsonDocument { { "_id", id }, { "host", host } }));
        _cluster.Network.Execute(first[0], new BsonDocument { { "replSetInitiate", new BsonDocument { { "_id", "rs0" }, { "members", members } } }, { "$db", "admin" } });
        _cluster.Network.RunUntil(() => _cluster.Network.Describe().Count(m => m.State == "SECONDARY") == 2, TimeSpan.FromMinutes(1));
    }

    /// <summary>What came out of passes, with its trace.</summary>
    public IReadOnlyList<string> Crashes => _crashes;

    /// <summary>A sample by its kind, as it is committed but for its namespace and zone.</summary>
    public JsonObject Sample(string kind)
    {
        var sample = Samples.Single(s => (string?)s["kind"] == kind).DeepClone().AsObject();
        sample["metadata"]!["namespace"] = Namespace;
        sample["metadata"]!["uid"] = $"uid-{kind}";
        if (kind == "WeightedDnsRecord")
        {
            sample["spec"]!["hostedZone"]!["id"] = _cluster.Zone;
        }

        return sample;
    }

    /// <summary>Stores an object as an API server would after its checks; false: the operator's types cannot read it.</summary>
    public bool Store(JsonObject value) => (string)value["kind"]! switch
    {
        "MongoReplicaSet" => Store(_cluster.Sets, value),
        "WeightedDnsRecord" => Store(_cluster.Records, value),
        _ => Store(_cluster.Migrations, value),
    };

    /// <summary>An object as it is stored now; null: it is gone.</summary>
    public JsonObject? Stored(string kind) => kind switch
    {
        "MongoReplicaSet" => Json(_cluster.Sets.List().FirstOrDefault()),
        "WeightedDnsRecord" => Json(_cluster.Records.List().FirstOrDefault()),
        _ => Json(_cluster.Migrations.List().FirstOrDefault()),
    };

    /// <summary>Runs the operator.</summary>
    public void Run(TimeSpan time)
    {
        using var entered = _cluster.Network.Loop.Enter();
        _operator ??= new VirtualOperator(_cluster, new OperatorLife(), null, new VirtualRuntime
        {
            Backoff = new Backoff(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(20), _seed),
            Services = Replace,
            Failed = (kind, key, e) => _crashes.Add($"{kind.Name} {key}: {e}"),
        });
        _cluster.Network.Loop.RunFor(time);
    }

    public void Dispose() => _operator?.Life.Kill();

    private void Replace(IServiceCollection services)
    {
        services.AddSingleton<ISecretSource>(new SampleSecrets());
        services.AddHttpClient(PrometheusGateSource.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => new FuzzPrometheus(_cluster.Network.Loop, _answers));

        // Probes open sockets of their own.
        services.Remove(services.Single(s => s.ImplementationType == typeof(ProbeGateSource)));
        services.AddSingleton<IGateSource, NoProbes>();
        if (_answers is { } answers)
        {
            services.AddSingleton<IMemberCalls>(new MutatedCalls(_cluster.Calls, answers));
            _cluster.Route53.Tampered = answers.Of;
        }
    }

    private static bool Store<T>(StoredEntities<T> stored, JsonObject value)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (ReadObject<T>.From(JsonSerializer.SerializeToElement(value)) is not { Entity: { } entity })
        {
            return false;
        }

        stored.Put(entity, newGeneration: true);
        return true;
    }

    private static JsonObject? Json<T>(T? entity) => entity is null ? null : JsonNode.Parse(KubernetesJson.Serialize(entity))!.AsObject();

    private sealed class SampleSecrets : ISecretSource
    {
        public Task<V1Secret?> GetAsync(string @namespace, string name, CancellationToken cancellationToken) => Task.FromResult(name != "marketplace-operator" ? null : new V1Secret
        {
            Metadata = new V1ObjectMeta { Name = name },
            Type = ApiGroup.CredentialsSecretType,
            Data = new Dictionary<string, byte[]> { ["username"] = "operator"u8.ToArray(), ["password"] = "s3cret"u8.ToArray() },
        });
    }

    private sealed class NoProbes : IGateSource
    {
        public Task<IReadOnlyList<GateStatus>> EvaluateAsync(MigrationContext context, string region, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<GateStatus>>([.. (context.Spec.Gates.Probes ?? []).Select(g => new GateStatus { Name = g.Name, Result = GateVerdict.Unknown, Message = "not asked", Time = context.Now.UtcDateTime })]);
    }
}
