using System.Globalization;
using System.Text.Json.Nodes;
using MongoDB.Bson;

namespace Modestano.Testbed.Bench;

/// <summary>The names, manifests and configurations of a benchmark's objects: what a manifest asks for is what the members have from the start.</summary>
internal static class BenchNames
{
    public const string Namespace = "bench";
    public const string Secret = "operator";
    public const string HomeRegion = "eu-west-1";
    public const string OtherRegion = "eu-west-2";
    public const string Zone = "bench.test";
    public const string ZoneId = "Z0MODESTANOBENCH";
    private const int SetsInANet = 250;

    /// <summary>The tag that an edit changes.</summary>
    public const string EditedTag = "bench";

    public static string Set(int set) => $"set-{set:0000}";

    public static string Record(int record) => $"record-{record:0000}";

    /// <summary>
    /// An address of its own for each member, all at MongoDB's port. The first free part of it differs by process, so that two benchmarks
    /// rarely meet; the world's other members are in 127.64.0.0/10.
    /// </summary>
    public static string Host(int set, int member)
    {
        var net = 128 + ((Environment.ProcessId % 31) * 4) + (set / SetsInANet);
        return string.Create(CultureInfo.InvariantCulture, $"127.{net}.{1 + (set % SetsInANet)}.{10 + member}:27017");
    }

    /// <summary>What all hosts of a set have in common, and no others.</summary>
    public static string SetOf(string host) => host[..host.LastIndexOf('.')];

    public static string Region(int member, int members) => member < (members + 1) / 2 ? HomeRegion : OtherRegion;

    /// <summary>Seven votes at most, an odd number: the last member of an even set has none.</summary>
    private static bool Votes(int member, int members) => member < Math.Min(7, members - 1 + (members % 2));

    private static int Priority(int member, int members) => !Votes(member, members) ? 0 : Region(member, members) == HomeRegion ? 2 : 1;

    private static string ZoneOf(int member, int members) => $"{Region(member, members)}{"abc"[member % 3]}";

    /// <summary>The manifest of a set, with votes and priorities written out.</summary>
    /// <param name="set">Which.</param>
    /// <param name="members">How many members.</param>
    /// <param name="edit">The value of <see cref="EditedTag"/> on the first member; null: not tagged.</param>
    public static JsonObject SetManifest(int set, int members, string? edit = null) => new()
    {
        ["apiVersion"] = "mongo.modestano.io/v1alpha1",
        ["kind"] = "MongoReplicaSet",
        ["metadata"] = new JsonObject { ["name"] = Set(set) },
        ["spec"] = new JsonObject
        {
            ["replicaSetName"] = Set(set),
            ["connection"] = new JsonObject
            {
                ["credentialsSecretRef"] = new JsonObject { ["name"] = Secret },
                ["tls"] = new JsonObject { ["mode"] = "Disabled" },
            },
            ["primaryRegion"] = HomeRegion,
            ["reconfiguration"] = new JsonObject { ["minOplogWindow"] = "0s" },
            ["regions"] = new JsonArray([.. Enumerable.Range(0, members).GroupBy(m => Region(m, members)).Select(region => new JsonObject
            {
                ["name"] = region.Key,
                ["members"] = new JsonArray([.. region.Select(m => MemberManifest(set, m, members, m == 0 ? edit : null))]),
            })]),
        },
    };

    private static JsonObject MemberManifest(int set, int member, int members, string? edit)
    {
        var manifest = new JsonObject
        {
            ["host"] = Host(set, member),
            ["zone"] = ZoneOf(member, members),
            ["votes"] = Votes(member, members) ? 1 : 0,
            ["priority"] = Priority(member, members),
        };
        if (edit is not null)
        {
            manifest["tags"] = new JsonObject { [EditedTag] = edit };
        }

        return manifest;
    }

    /// <summary>The same set as the members' configuration, owned by its object as if the operator had adopted it long ago.</summary>
    public static BsonDocument Config(int set, int members, string clusterUid) => new()
    {
        { "_id", Set(set) },
        {
            "members",
            new BsonArray(Enumerable.Range(0, members).Select(m => new BsonDocument
            {
                { "_id", m },
                { "host", Host(set, m) },
                { "votes", Votes(m, members) ? 1 : 0 },
                { "priority", Priority(m, members) },
                { "tags", new BsonDocument { { "region", Region(m, members) }, { "zone", ZoneOf(m, members) }, { "modestano-owner", $"{clusterUid}/{Namespace}/{Set(set)}" } } },
            }))
        },
    };

    public static JsonObject RecordManifest(int record, int ttl) => new()
    {
        ["apiVersion"] = "mongo.modestano.io/v1alpha1",
        ["kind"] = "WeightedDnsRecord",
        ["metadata"] = new JsonObject { ["name"] = Record(record) },
        ["spec"] = new JsonObject
        {
            ["providerRef"] = new JsonObject { ["name"] = "production" },
            ["hostedZone"] = new JsonObject { ["id"] = ZoneId },
            ["name"] = $"{Record(record)}.{Zone}",
            ["type"] = "A",
            ["ttl"] = ttl,
            ["endpoints"] = new JsonArray(Endpoint(HomeRegion, 255, "192.0.2.10"), Endpoint(OtherRegion, 0, "198.51.100.10")),
        },
    };

    public static JsonObject SecretManifest() => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = Secret },
        ["type"] = "mongo.modestano.io/credentials",
        ["stringData"] = new JsonObject { ["username"] = SampleNames.OperatorUser, ["password"] = SampleNames.OperatorPassword },
    };

    public static string Grants() => $"""
        providers:
        - name: production
          namespaces: [{Namespace}]
          zones: [{ZoneId}]
          nameSuffixes: [{Zone}]
        hosts:
        - namespaces: [{Namespace}]
          cidrs: [127.0.0.0/8]

        """;

    private static JsonObject Endpoint(string region, int weight, string value) => new()
    {
        ["setIdentifier"] = region,
        ["region"] = region,
        ["weight"] = weight,
        ["values"] = new JsonArray(value),
    };
}
