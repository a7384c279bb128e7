using System.Text.Json.Nodes;
using k8s;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed;
using Modestano.Testbed.Route53.Zones;
using MongoDB.Bson;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>
/// What people get wrong ends as a refusal by the API server or as a condition that says what to do, and the operator goes on with all
/// else: beside each trouble a healthy set and a healthy record in the same namespace take an edit. The set in trouble is one of its own,
/// of a member in eu-west-2.
/// </summary>
[CancelAfter(60_000)]
[Category("EmbeddedOnly")]
public sealed class BadInputScenarios
{
    private const string InTrouble = "trouble";
    private static readonly string Lonely = SampleNames.Members(SampleNames.NewRegion)[2];
    private static readonly string Down = SampleNames.Members(SampleNames.NewRegion)[1];
    private static readonly string OfAnotherSet = SampleNames.Members(SampleNames.OldRegion)[1];
    private OperatedWorld _world = null!;
    private int _edits;

    [OneTimeSetUp]
    public async Task Start()
    {
        _world = await OperatedWorld.StartAsync();
        _world.World.Mongo.Member(Down).Model.Crash();
        await _world.AdministerAsync(Lonely, new BsonDocument("replSetInitiate", new BsonDocument
        {
            { "_id", SampleNames.ReplicaSet },
            { "members", new BsonArray { new BsonDocument { { "_id", 0 }, { "host", Lonely } } } },
        }));
        await _world.ApplyAsync(_world.Git.Object("Secret"));
        await _world.ApplyAsync(HealthySet());
        await _world.ApplyAsync(_world.Git.Object("WeightedDnsRecord"));
        await EventuallyReadyAsync();
    }

    [OneTimeTearDown]
    public async Task Stop() => await _world.DisposeAsync();

    [TearDown]
    public async Task RemoveTrouble()
    {
        foreach (var plural in (string[])["mongoreplicasets", "weighteddnsrecords"])
        {
            try
            {
                await Eventually.Is(
                    async () =>
                    {
                        await _world.Kubernetes.CustomObjects.DeleteNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, OperatedWorld.Namespace, plural, InTrouble);
                        return false;
                    },
                    "the object in trouble is gone");
            }
            catch (k8s.Autorest.HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.NotFound)
            {
                continue;
            }
        }
    }

    private static IEnumerable<TestCaseData> Refusals =>
    [
        Refused("A_misspelt_field", "MongoReplicaSet", o => o["spec"]!["primaryRegoin"] = "eu-west-2", "unknown field \"spec.primaryRegoin\""),
        Refused("A_weight_of_256", "WeightedDnsRecord", o => o["spec"]!["endpoints"]![1]!["weight"] = 256, "spec.endpoints[1].weight", "should be less than or equal to 255"),
        Refused("Eight_voting_members", "MongoReplicaSet", EightVotes, "spec", "a replica set has at most 7 voting members"),
        Refused("A_host_without_a_port", "MongoReplicaSet", o => o["spec"]!["regions"]![0]!["members"]![1]!["host"] = "mongo-b.eu-west-1.modestano.test", "spec.regions[0].members[1].host", "host must be host:port"),
    ];

    [TestCaseSource(nameof(Refusals))]
    [Category("RealClients")]
    public async Task Is_refused_by_kubectl_apply_with_the_field_and_what_is_allowed(string kind, Action<JsonObject> spoil, string[] words)
    {
        var manifest = _world.Git.Object(kind);
        manifest["metadata"]!["name"] = InTrouble;
        spoil(manifest);
        var (exitCode, output, error) = await Kubectl.TryAsync(manifest.ToJsonString(), "--kubeconfig", _world.World.Kubeconfig, "apply", "-f", "-");
        Assert.That(exitCode, Is.Not.Zero, output);
        foreach (var word in words)
        {
            Assert.That(error, Does.Contain(word));
        }

        await TheOthersGoOnAsync();
    }

    [Test]
    public async Task A_secret_that_does_not_exist_is_named_and_the_set_goes_on_when_it_is_made()
    {
        var manifest = SetInTrouble(Lonely);
        manifest["spec"]!["connection"]!["credentialsSecretRef"]!["name"] = "not-there";
        await _world.ApplyAsync(manifest);
        await EventuallyAsync<MongoReplicaSet>(ConditionTypes.Stalled, ConnectionReasons.SecretNotFound, "Secret not-there does not exist", "make it");
        await TheOthersGoOnAsync();

        var secret = _world.Git.Object("Secret");
        secret["metadata"]!["name"] = "not-there";
        await _world.ApplyAsync(secret);
        await Eventually.Is(() => IsReadyAsync<MongoReplicaSet>(InTrouble), "the set is ready");
    }

    [Test]
    public async Task A_hosted_zone_that_is_not_granted_is_named()
    {
        await _world.ApplyAsync(RecordInTrouble(new JsonObject { ["id"] = "Z0NOTTHERE" }));
        await EventuallyAsync<WeightedDnsRecord>(ConditionTypes.Stalled, DnsReasons.NotGranted, "Z0NOTTHERE", "production");
        await TheOthersGoOnAsync();
    }

    [Test]
    public async Task A_hosted_zone_that_does_not_exist_is_named()
    {
        await _world.ApplyAsync(RecordInTrouble(new JsonObject { ["name"] = "nowhere.test" }));
        await EventuallyAsync<WeightedDnsRecord>(ConditionTypes.Stalled, DnsReasons.ZoneNotFound, "nowhere.test", "spec.hostedZone", "make the zone");
        await TheOthersGoOnAsync();
    }

    [Test]
    public async Task A_member_of_another_replica_set_is_named_and_not_added()
    {
        await _world.ApplyAsync(SetInTrouble(Lonely));
        await Eventually.Is(() => IsReadyAsync<MongoReplicaSet>(InTrouble), "the set is ready");
        await _world.ApplyAsync(SetInTrouble(Lonely, OfAnotherSet));
        await EventuallyAsync<MongoReplicaSet>(ConditionTypes.Stalled, PlanReasons.MemberOfAnotherSet, OfAnotherSet, "another replica set", "correct the host");
        await TheOthersGoOnAsync();
        Assert.That((await _world.GetAsync<MongoReplicaSet>(InTrouble)).Status?.Members?.Where(m => m.Votes is not null).Select(m => m.Host), Is.EqualTo(new[] { Lonely }));
    }

    [Test]
    public async Task A_member_that_is_down_is_named_and_waited_for()
    {
        await _world.ApplyAsync(SetInTrouble(Lonely, Down));
        await EventuallyAsync<MongoReplicaSet>(ConditionTypes.Reconciling, PlanReasons.MemberUnreachable, Down, "does not reach it");
        await TheOthersGoOnAsync();
    }

    private static TestCaseData Refused(string title, string kind, Action<JsonObject> spoil, params string[] words) =>
        new TestCaseData(kind, spoil, words).SetArgDisplayNames(title);

    private static void EightVotes(JsonObject set)
    {
        foreach (var region in set["spec"]!["regions"]!.AsArray())
        {
            region!["members"] = new JsonArray([.. "abcd".Select(m => new JsonObject { ["host"] = $"mongo-{m}.{region["name"]}:27017", ["votes"] = 1 })]);
        }
    }

    // The sample's set as it is before it is extended.
    private JsonObject HealthySet()
    {
        var set = _world.Git.Object("MongoReplicaSet");
        set["spec"]!["regions"]!.AsArray().RemoveAt(1);
        return set;
    }

    private JsonObject SetInTrouble(params string[] hosts)
    {
        var set = _world.Git.Object("MongoReplicaSet");
        set["metadata"]!["name"] = InTrouble;
        set["spec"]!["primaryRegion"] = SampleNames.NewRegion;
        set["spec"]!["regions"] = new JsonArray(new JsonObject
        {
            ["name"] = SampleNames.NewRegion,
            ["members"] = new JsonArray([.. hosts.Select(host => new JsonObject { ["host"] = host })]),
        });
        return set;
    }

    private JsonObject RecordInTrouble(JsonObject zone)
    {
        var record = _world.Git.Object("WeightedDnsRecord");
        record["metadata"]!["name"] = InTrouble;
        record["spec"]!["name"] = "trouble.modestano.test";
        record["spec"]!["hostedZone"] = zone;
        return record;
    }

    private async Task EventuallyAsync<T>(string condition, string reason, params string[] words)
    {
        Condition? seen = null;
        try
        {
            await Eventually.Is(
                async () => (seen = Find(await ConditionsAsync<T>(InTrouble), condition)) is { Status: "True" } found && found.Reason == reason,
                $"{condition} is True with reason {reason}",
                TimeSpan.FromSeconds(30));
        }
        catch (AssertionException e)
        {
            throw new AssertionException($"{e.Message}; it is {seen}\n{_world.Log}", e);
        }

        foreach (var word in words)
        {
            Assert.That(seen!.Message, Does.Contain(word));
        }
    }

    // An edit of each is carried out: a tag on a member, weights in Route 53.
    private async Task TheOthersGoOnAsync()
    {
        _edits++;
        var set = HealthySet();
        set["spec"]!["regions"]![0]!["members"]![2]!["tags"] = new JsonObject { ["edit"] = $"{_edits}" };
        var record = _world.Git.Object("WeightedDnsRecord");
        record["spec"]!["endpoints"]![1]!["weight"] = _edits;
        await _world.ApplyAsync(set);
        await _world.ApplyAsync(record);
        await EventuallyReadyAsync();
        var sets = _world.World.Route53.Zones.Sets(SampleNames.ZoneId);
        Assert.That(sets[new RecordKey(DnsName.Normalize(SampleNames.Record), "A", SampleNames.NewRegion)].Weight, Is.EqualTo(_edits));
        var primary = (await _world.GetAsync<MongoReplicaSet>(GitRepository.ReplicaSet)).Status!.Primary!;
        var config = await _world.AdministerAsync(primary, new BsonDocument("replSetGetConfig", 1));
        Assert.That(config["config"]["members"][2]["tags"]["edit"].AsString, Is.EqualTo($"{_edits}"), _world.Log);
    }

    private async Task EventuallyReadyAsync()
    {
        await Eventually.Is(() => IsReadyAsync<MongoReplicaSet>(GitRepository.ReplicaSet), "the healthy set is ready");
        await Eventually.Is(() => IsReadyAsync<WeightedDnsRecord>(GitRepository.Record), "the healthy record is ready");
    }

    private async Task<bool> IsReadyAsync<T>(string name)
    {
        var stored = await _world.GetJsonAsync<T>(name);
        return (long?)stored["metadata"]!["generation"] == (long?)stored["status"]?["observedGeneration"]
            && Find(await ConditionsAsync<T>(name), ConditionTypes.Ready) is { Status: "True" };
    }

    private async Task<IReadOnlyList<Condition>> ConditionsAsync<T>(string name) =>
        (await _world.GetJsonAsync<T>(name))["status"]?["conditions"] is { } conditions
            ? KubernetesJson.Deserialize<List<Condition>>(conditions.ToJsonString())
            : [];

    private static Condition? Find(IReadOnlyList<Condition>? conditions, string type) => conditions?.FirstOrDefault(c => c.Type == type);
}
