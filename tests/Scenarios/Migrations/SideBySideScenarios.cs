using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Scenarios.Virtual;

namespace Modestano.Scenarios.Migrations;

/// <summary>Many migrations of one namespace at once, on sets of their own, with records in shared zones and one account's request rate.</summary>
internal sealed class SideBySideScenarios
{
    /// <summary>How many: <c>make side-by-side</c> says 20.</summary>
    private static readonly int Migrations = int.Parse(Environment.GetEnvironmentVariable("MODESTANO_MIGRATIONS") ?? "6", CultureInfo.InvariantCulture);

    private static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10);

    [Test]
    public void Migrations_run_side_by_side_and_keep_within_the_accounts_request_rate()
    {
        var cluster = new VirtualCluster(seed: 1, zones: 2);
        using var entered = cluster.Network.Loop.Enter();
        cluster.Network.Faults.SetRoundTrip(ReplicaSetWorld.Ireland, ReplicaSetWorld.London, TimeSpan.FromMilliseconds(10));
        var suites = Enumerable.Range(1, Migrations).Select(i => new MigrationSuite(cluster, cluster.Zones[i % 2], $"-{i}")).ToList();
        suites.ForEach(s => s.AddMembers());
        suites.ForEach(s => s.Initiate());
        cluster.Network.RunUntil(() => suites.TrueForAll(s => s.IsInitiated()), TimeSpan.FromSeconds(60));
        cluster.Network.RunFor(TimeSpan.FromSeconds(5));
        suites.ForEach(s => s.Apply(null));
        _ = new VirtualOperator(cluster, new OperatorLife(), IsOfOneSuite);

        var changed = true;
        var isDone = false;
        cluster.Migrations.Changed += _ => changed = true;
        cluster.Network.RunUntil(
            () =>
            {
                (isDone, changed) = (changed ? suites.TrueForAll(s => s.Status.Phase == MigrationPhases.Completed) : isDone, false);
                return isDone;
            },
            TimeSpan.FromMinutes(30));

        TestContext.Out.WriteLine($"{Migrations} migrations in {cluster.Network.Loop.Elapsed.TotalSeconds:0} virtual seconds, {cluster.Route53.Zones.Log.Count} batches, {cluster.Route53.Requests.Count} requests, at most {cluster.Route53.MostRequestsIn(TenSeconds)} in ten seconds");
        Assert.Multiple(() =>
        {
            Assert.That(suites.Select(s => s.Status.Phase), Is.All.EqualTo(MigrationPhases.Completed), string.Join('\n', suites.Select(s => $"{s.MigrationKey.Name}: {s.Status.Phase}, {s.Status.WaitingFor}")));
            Assert.That(suites.Select(s => s.Weights), Is.All.EqualTo("0/255"));
            Assert.That(suites.Select(s => s.Set.Status!.PrimaryRegion), Is.All.EqualTo(ReplicaSetWorld.London));
            Assert.That(cluster.Accepted.StepDowns, Is.EqualTo(Migrations));
            Assert.That(cluster.Network.Violations, Is.Empty);
            Assert.That(cluster.Route53.MostRequestsIn(TenSeconds), Is.LessThanOrEqualTo(51), "one account's five a second for all of them");
            Assert.That(cluster.Route53.Zones.Log, Has.Count.LessThan(4 * Migrations), "records of one zone that change together share a batch");
        });
    }

    // An object's news concern its own suite and nobody else: they have the same suffix.
    private static bool IsOfOneSuite(string one, string other) => Suffix(one) == Suffix(other);

    private static string Suffix(string name) => name[name.LastIndexOf('-')..];
}
