using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.Virtual;

namespace Modestano.Scenarios.Migrations;

/// <summary>
/// One whole migration whose operator is killed at one effect and started again with nothing but what is stored, and what the world counted.
/// </summary>
internal sealed class KillRun
{
    // As long as a lease takes to run out.
    private const double Downtime = 15;

    private KillRun(string what, bool isComplete, IReadOnlyList<string> doubled, string story) =>
        (What, IsComplete, Doubled, Story) = (what, isComplete, doubled, story);

    public string What { get; }

    public bool IsComplete { get; }

    /// <summary>Outside effects that were repeated although their result could be observed.</summary>
    public IReadOnlyList<string> Doubled { get; }

    public string Story { get; }

    /// <summary>The effects of a migration that nobody disturbs.</summary>
    public static IReadOnlyList<string> Undisturbed()
    {
        using var world = new MigrationWorld(ToTheEnd);
        world.RunUntil(IsDone);
        return [.. world.Operator.Life.Effects];
    }

    /// <summary>A migration that is killed once.</summary>
    public static KillRun At(int effect, KillMoment moment)
    {
        using var world = new MigrationWorld(ToTheEnd);
        world.Start((effect, moment));
        world.Run(IsDone);
        var what = $"{moment} of effect {effect}: {(world.Operator.Life.Effects is [.., var last] ? last : null)}";
        if (!world.Operator.Life.IsDead)
        {
            return new KillRun(what, IsDone(world), ["the migration ended before this effect"], world.Story());
        }

        world.RunFor(Downtime);
        world.Start(null);
        var isComplete = world.Run(IsDone);
        return new KillRun(what, isComplete, [.. Doubles(world)], world.Story());
    }

    // Every phase, decommissioning too.
    private static RegionMigrationSpec ToTheEnd(RegionMigrationSpec spec) =>
        spec with { Decommission = new DecommissionSpec { Mode = "Remove", After = Duration.FromSeconds(0), ClientsConfirmed = true } };

    private static bool IsDone(MigrationWorld world) =>
        world.Phase == MigrationPhases.Completed && world.Status.SpecEdits is { Count: > 0 };

    private static IEnumerable<string> Doubles(MigrationWorld world)
    {
        var accepted = world.Cluster.Accepted;
        foreach (var again in accepted.Configurations.Zip(accepted.Configurations.Skip(1)).Where(pair => pair.First.Equals(pair.Second)))
        {
            yield return $"replSetReconfig to what was in force already: {again.Second}";
        }

        if (accepted.StepDowns != 1)
        {
            yield return $"{accepted.StepDowns} step-downs were accepted where one is needed";
        }

        foreach (var batch in accepted.RepeatedBatches)
        {
            yield return $"change batch although the answer to the one before was in status: {batch}";
        }

        var timeline = world.Status.Timeline ?? [];
        foreach (var twice in timeline.GroupBy(t => (t.Phase, t.Message)).Where(g => g.Count() > 1))
        {
            yield return $"told twice: {twice.Key.Phase}: {twice.Key.Message}";
        }
    }
}
