using Modestano.Crds.V1Alpha1;

namespace Modestano.Testbed.Demo.Screen;

/// <summary>What a person at the terminal sees at one moment: the three objects as the API server has them, and the workload's counts.</summary>
/// <param name="Elapsed">Since the manifests were applied.</param>
/// <param name="ReplicaSet">The replica set.</param>
/// <param name="Record">The record.</param>
/// <param name="Migration">The migration.</param>
/// <param name="Acknowledged">Writes acknowledged so far.</param>
/// <param name="Failed">Errors that reached the application.</param>
/// <param name="LongestGap">The longest time between two acknowledgements.</param>
public sealed record DemoView(
    TimeSpan Elapsed, MongoReplicaSet? ReplicaSet, WeightedDnsRecord? Record, RegionMigration? Migration, int Acknowledged, int Failed, TimeSpan LongestGap)
{
    /// <summary>The migration's phase, with its step.</summary>
    public string Phase => Migration?.Status is { Phase: { } phase } status ? $"{phase}{(status.Step is { Index: >= 0 } step ? $" {step.Summary}" : "")}" : "-";

    /// <summary>What is awaited.</summary>
    public string WaitingFor => Migration?.Status?.WaitingFor ?? "";

    /// <summary>Served weights.</summary>
    public string Weights => Record?.Status?.Summary?.Served ?? "-";

    /// <summary>The newest action of replica set or record.</summary>
    public string LastAction
    {
        get
        {
            var newest = new[] { ReplicaSet?.Status?.LastAction, Record?.Status?.LastAction }.OfType<LastAction>().MaxBy(a => a.Time);
            return newest is null ? "-" : newest.Summary;
        }
    }

    /// <summary>The members, region by region.</summary>
    public IEnumerable<MemberStatus> Members => (ReplicaSet?.Status?.Members ?? []).OrderBy(m => m.Region, StringComparer.Ordinal).ThenBy(m => m.Host, StringComparer.Ordinal);
}
