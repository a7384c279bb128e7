using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Queues;

namespace Modestano.Operator.Tests.Hostile;

/// <summary>A member that names other hosts each time it is asked.</summary>
[Category("Hostile")]
public sealed class ClientBoundTests
{
    private static readonly ReplicaSetTarget Target = new(new ObjectKey("lab", "marketplace"), new ReplicaSetConnection { UseTls = false });

    [Test]
    public async Task Hosts_that_are_named_once_and_never_again_keep_no_clients()
    {
        var grants = GrantsFile.Parse("hosts: [{namespaces: [lab], suffixes: ['*'], cidrs: [127.0.0.0/8]}]", "grants.yaml");
        using var clients = new MemberClients(new MongoConnectionOptions { LeastSecurity = LeastSecurity.Any, Grants = grants }, new EntityQueue<MongoReplicaSet>(), TimeProvider.System);
        for (var i = 1; i <= 200; i++)
        {
            if (i % 50 == 1)
            {
                // The next observation, in which it names fifty others.
                clients.Begin(Target.Set);
            }

            // Nobody listens there.
            var host = $"127.7.7.{i}:27017";
            Assert.That(async () => await clients.RunAsync(Target, host, "admin", new("hello", 1), TimeSpan.FromMilliseconds(20), CancellationToken.None), Throws.InstanceOf<MongoCallException>());
        }

        Assert.That(clients.Open(Target.Set), Is.EqualTo(SetClients.Most));
    }

    [Test]
    public async Task What_one_observation_uses_is_closed_by_none_of_its_own()
    {
        var grants = GrantsFile.Parse("hosts: [{namespaces: [lab], suffixes: ['*'], cidrs: [127.0.0.0/8]}]", "grants.yaml");
        using var clients = new MemberClients(new MongoConnectionOptions { LeastSecurity = LeastSecurity.Any, Grants = grants }, new EntityQueue<MongoReplicaSet>(), TimeProvider.System);
        clients.Begin(Target.Set);
        for (var i = 1; i <= SetClients.Most + 10; i++)
        {
            var host = $"127.7.7.{i}:27017";
            Assert.That(async () => await clients.RunAsync(Target, host, "admin", new("hello", 1), TimeSpan.FromMilliseconds(20), CancellationToken.None), Throws.InstanceOf<MongoCallException>());
        }

        Assert.That(clients.Open(Target.Set), Is.EqualTo(SetClients.Most + 10));
    }
}
