using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Secrets;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Tests.Hostile;

/// <summary>What the configuration says of security arrives where it is kept, through the host as the process builds it.</summary>
[Category("Hostile")]
public sealed class HostRegistrationTests
{
    [TestCase("any", null)]
    [TestCase("tls", ConnectionReasons.BelowLeastSecurity)]
    public async Task The_least_security_of_the_configuration_binds_every_connection(string least, string? refusal)
    {
        await using var app = Build("--mongo-least-security", least);
        var set = new MongoReplicaSet
        {
            Metadata = new V1ObjectMeta { Name = "marketplace", NamespaceProperty = "shop" },
            Spec = new MongoReplicaSetSpec { Connection = new ConnectionSpec { Tls = new TlsSpec { Mode = "Disabled" } } },
        };

        string? reason = null;
        try
        {
            await app.Services.GetRequiredService<ConnectionSource>().GetAsync(set, CancellationToken.None);
        }
        catch (ConnectionRefusedException e)
        {
            reason = e.Reason;
        }

        Assert.That(reason, Is.EqualTo(refusal));
    }

    [Test]
    public async Task No_host_is_granted_where_the_configuration_grants_none()
    {
        await using var app = Build("--leader-election", "false");
        var options = app.Services.GetRequiredService<MongoConnectionOptions>();
        Assert.That(options.RefusalFor(new ObjectKey("shop", "marketplace"), "mongo-1.example.internal:27017"), Does.Contain("not granted"));
    }

    private static WebApplication Build(string flag, string value)
    {
        var read = OperatorOptions.Read(new SettingReader(new Dictionary<string, string> { [flag] = value, ["--metrics-port"] = "0", ["--health-port"] = "0" }, _ => null), _ => null, _ => "");
        return OperatorHost.Build(read, new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" }, OperatorHost.AddDomains);
    }
}
