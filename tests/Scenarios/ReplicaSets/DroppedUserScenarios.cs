using Microsoft.Extensions.DependencyInjection;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.Runtime;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed.Mongo;
using Modestano.Testbed.Mongo.Auth;
using MongoDB.Bson;
using Prometheus;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>Somebody drops the operator's user while it is connected: a server then takes the connection for one on which nobody is logged in.</summary>
[CancelAfter(120_000)]
[Category("EmbeddedOnly")]
public sealed class DroppedUserScenarios
{
    private const string Host = "127.0.3.7:27117";
    private static readonly RoleName[] Roles = [new("clusterManager", "admin"), new("clusterMonitor", "admin"), new("read", "local")];

    [Test]
    public async Task It_is_a_refused_login_and_no_missing_role_and_ends_when_the_user_is_back()
    {
        await using var mongo = await EmbeddedMongo.StartAsync(new EmbeddedMongoOptions
        {
            Authorization = true,
            Proxy = false,
            Users = [new EmbeddedMongoUser("operator", "s3cret", Roles), new EmbeddedMongoUser("admin", "s3cret", [new("root", "admin")])],
            Members = [new EmbeddedMongoMemberOptions { Host = Host }],
        });
        await using var operating = Operator();
        await AdministerAsync(operating, new BsonDocument("replSetInitiate", BsonDocument.Parse($"{{ _id: 'rs0', members: [ {{ _id: 0, host: '{Host}' }} ] }}")));
        await Eventually.Is(() => mongo.Primary is not null, "there is a primary");
        Assert.That((await LookAsync(operating)).OwnStatus, Is.EqualTo(OwnStatus.Member));

        await AdministerAsync(operating, new BsonDocument("dropUser", "operator"));
        var dropped = await LookAsync(operating);
        var again = await LookAsync(operating);
        Assert.That((dropped.OwnStatus, dropped.OwnSetName, dropped.ConnectionError), Is.EqualTo((OwnStatus.LoginRequired, "rs0", "Unauthorized (13): the server no longer has the user that the operator is logged in as")));
        Assert.That(again.OwnStatus, Is.EqualTo(OwnStatus.LoginRequired));

        await AdministerAsync(operating, BsonDocument.Parse("{ createUser: 'operator', pwd: 's3cret', roles: [ { role: 'clusterMonitor', db: 'admin' } ] }"));
        await Eventually.Is(async () => (await LookAsync(operating)).OwnStatus == OwnStatus.Member, "the login is tried again", TimeSpan.FromSeconds(60));
    }

    private static ReplicaSetTarget As(string user) =>
        new(new ObjectKey("shop", user), new ReplicaSetConnection { Mechanism = "SCRAM-SHA-256", UserName = user, Password = "s3cret", UseTls = false });

    private static Task AdministerAsync(ServiceProvider operating, BsonDocument command) =>
        operating.GetRequiredService<IMemberCalls>().RunAsync(As("admin"), Host, "admin", command, TimeSpan.FromSeconds(20), CancellationToken.None);

    private static async Task<ObservedMember> LookAsync(ServiceProvider operating)
    {
        var replies = await operating.GetRequiredService<IReplicaSetGateway>().ObserveAsync(As("operator"), [Host], ObservationReach.AllMembers, CancellationToken.None);
        return ObservationBuilder.Build(replies, [Host], null, DateTimeOffset.UtcNow).Member(Host);
    }

    private static ServiceProvider Operator()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IMetricFactory>(Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        services.AddSingleton(new MongoConnectionOptions
        {
            // The causes are looked at here, not the speed.
            ProbeTimeout = TimeSpan.FromSeconds(8),
            LeastSecurity = LeastSecurity.Any,
            Grants = GrantsFile.Parse("hosts: [{namespaces: ['*'], suffixes: ['*'], cidrs: [127.0.0.0/8], ports: [27117]}]", "grants.yaml"),
        });
        services.AddSingleton<IEntityQueue<MongoReplicaSet>>(new SilentQueue());
        services.AddReplicaSets();
        return services.BuildServiceProvider();
    }

    private sealed class SilentQueue : IEntityQueue<MongoReplicaSet>
    {
        public void Enqueue(ObjectKey key)
        {
        }

        public void EnqueueAfter(ObjectKey key, TimeSpan delay)
        {
        }
    }
}
