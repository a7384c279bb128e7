using System.Globalization;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>
/// Judges whether statuses are true: once nothing stands between the operator and the world, and the world has not changed for a while, what a
/// status says of it is so.
/// </summary>
internal sealed class TruthJudge(Stage stage, Git git, TrafficJudge traffic)
{
    /// <summary>A look at rest comes every five minutes at the latest; what changed of itself is seen sooner.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(60);

    private string? _primary;
    private TimeSpan _primarySince;

    /// <summary>Looks at what the objects say, every now and then.</summary>
    public void Sample()
    {
        var primary = stage.Primary?.Host;
        if (primary != _primary)
        {
            (_primary, _primarySince) = (primary, stage.Now);
        }

        if (!stage.IsUndisturbed || stage.Now - stage.CalmSince <= Notice)
        {
            return;
        }

        Set();
        Records();
        Migration();
    }

    private void Set()
    {
        if (stage.Set is not { Metadata.DeletionTimestamp: null, Status: { } status } || stage.Now - _primarySince <= Notice)
        {
            return;
        }

        if (status.Primary != _primary)
        {
            stage.Break($"the set says that its primary is {status.Primary}, and it has been {_primary} for a minute");
        }
        else if (stage.Primary is { } primary && status.PrimaryRegion != primary.Options.Region)
        {
            stage.Break($"the set says that its primary is in {status.PrimaryRegion}, and it is in {primary.Options.Region}");
        }
    }

    private void Records()
    {
        foreach (var name in git.Records.Keys)
        {
            if (stage.Record(name) is not { Metadata.DeletionTimestamp: null, Status: { Endpoints: { } endpoints } status } || stage.Now - traffic.ChangedAt(name) <= Notice)
            {
                continue;
            }

            var served = stage.Weights(name);
            var said = endpoints.Where(e => e.ServedWeight is not null).ToDictionary(e => e.SetIdentifier, e => e.ServedWeight!.Value);
            if (said.Keys.Union(served.Keys).Any(id => said.GetValueOrDefault(id) != served.GetValueOrDefault(id)))
            {
                stage.Break($"{name} says that it serves {Stage.Words(said)}, and Route 53 has {Stage.Words(served)}");
            }

            if (status.Override is { Settled: true, Weights: { } asked, Orphaned: not true } && status.Conditions?.Any(c => c is { Type: ConditionTypes.Held, Status: "True" }) != true
                && asked.Any(w => served.GetValueOrDefault(w.Key) != w.Value))
            {
                stage.Break($"{name} says that it has reached {Stage.Words(asked)}, and Route 53 has {Stage.Words(served)}");
            }
        }
    }

    private void Migration()
    {
        if (stage.Migration is not { Status: { Override: { } asked } status } || (asked.Records ?? []).Any(r => stage.Now - traffic.ChangedAt(r.Name) <= Notice))
        {
            return;
        }

        var least = (asked.Records ?? []).Select(r => traffic.Share(r.Name)).Min();
        if (status.Traffic is { } said && least is { } share && Math.Abs(int.Parse(said.TrimEnd('%'), CultureInfo.InvariantCulture) - (100 * share)) > 2)
        {
            stage.Break(string.Create(CultureInfo.InvariantCulture, $"the migration says {said} of the traffic, and {share:P1} are served in {Scene.To}"));
        }

        if (stage.Primary is { } primary && stage.Now - _primarySince > Notice && status.PrimaryRegion != primary.Options.Region)
        {
            stage.Break($"the migration says that the primary is in {status.PrimaryRegion}, and it is in {primary.Options.Region}");
        }
    }
}
