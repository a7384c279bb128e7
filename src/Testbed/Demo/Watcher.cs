using k8s;
using Modestano.Crds.V1Alpha1;
using Modestano.Testbed.Demo.Workload;

namespace Modestano.Testbed.Demo;

/// <summary>Reads the three objects from the API server, as a person with kubectl would.</summary>
public sealed class Watcher(IKubernetes client, string @namespace, WriteLedger ledger, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>Since the watcher was made.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>The state now.</summary>
    public async Task<Screen.DemoView> LookAsync(CancellationToken cancellationToken) => new(
        Elapsed,
        await FirstAsync<MongoReplicaSet>("mongoreplicasets", cancellationToken),
        await FirstAsync<WeightedDnsRecord>("weighteddnsrecords", cancellationToken),
        await FirstAsync<RegionMigration>("regionmigrations", cancellationToken),
        ledger.Acknowledged,
        ledger.Failures.Count,
        ledger.LongestGap.Length);

    private async Task<T?> FirstAsync<T>(string plural, CancellationToken cancellationToken)
    {
        var list = await client.CustomObjects.ListNamespacedCustomObjectAsync<ObjectList<T>>(ApiGroup.Name, ApiGroup.Version, @namespace, plural, cancellationToken: cancellationToken);
        return list.Items.FirstOrDefault();
    }

    private sealed class ObjectList<T>
    {
        public List<T> Items { get; set; } = [];
    }
}
