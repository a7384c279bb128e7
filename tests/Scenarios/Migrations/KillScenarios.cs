using Modestano.Scenarios.Virtual;

namespace Modestano.Scenarios.Migrations;

/// <summary>
/// M4: whatever the moment at which the operator is killed, its successor completes the migration and repeats nothing that it could have
/// seen to be done.
/// </summary>
[Category("Kill")]
internal sealed class KillScenarios
{
    private static readonly KillMoment[] Moments = [KillMoment.BeforeCall, KillMoment.BeforeAnswer];

    /// <summary>Around every effect where <c>make killtest</c> asks for that, otherwise around the last of each kind outside the API server.</summary>
    [Test]
    public void A_migration_survives_a_kill_around_its_effects()
    {
        var effects = KillRun.Undisturbed();
        var chosen = Environment.GetEnvironmentVariable("MODESTANO_KILL_ALL") == "1"
            ? [.. Enumerable.Range(1, effects.Count)]
            : effects.Index().Where(e => !e.Item.StartsWith("status", StringComparison.Ordinal)).GroupBy(e => e.Item).Select(g => g.Last().Index + 1).ToList();
        var runs = chosen.SelectMany(_ => Moments, (effect, moment) => (effect, moment))
            .AsParallel().AsOrdered().WithDegreeOfParallelism(2)
            .Select(kill => KillRun.At(kill.effect, kill.moment))
            .ToList();
        foreach (var bad in runs.Where(r => !r.IsComplete || r.Doubled.Count > 0))
        {
            TestContext.Out.WriteLine($"{bad.What}: {(bad.IsComplete ? "completed" : "stuck")}; {string.Join("; ", bad.Doubled)}\n{bad.Story}\n");
        }

        var (doubled, stuck) = (runs.Count(r => r.Doubled.Count > 0), runs.Count(r => !r.IsComplete));
        TestContext.Out.WriteLine($"{chosen.Count} effects, {runs.Count} restarts, {doubled} doubled, {stuck} stuck");
        Assert.That((doubled, stuck), Is.EqualTo((0, 0)));
    }
}
