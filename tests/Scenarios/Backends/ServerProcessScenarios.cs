using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed;
using Modestano.Testbed.Backends;
using Modestano.Testbed.Route53;

namespace Modestano.Scenarios.Backends;

/// <summary>The path to real servers, on programs that take their command lines: started, secured, killed and started again as the real ones would be.</summary>
[CancelAfter(300_000)]
[Category("Processes")]
public sealed class ServerProcessScenarios
{
    [Test]
    public async Task A_set_of_processes_takes_a_member_in_and_survives_a_kill_of_its_primary()
    {
        using var programs = new ServerPrograms();
        await using var route53 = await EmbeddedRoute53.StartAsync();
        await using var live = await LiveWorld.StartAsync(backends: programs.Choose(route53.Endpoint));
        await live.ApplySetAsync(SampleNames.OldRegion, london: 1);
        await live.SettledAsync();
        Assert.That((await live.StatusAsync()).Summary!.Members, Is.EqualTo("4/4"));
        Assert.That(route53.Zones.Sets(live.World.ZoneId).Keys.Select(k => k.Type), Is.EquivalentTo(new[] { "NS", "SOA" }), "the zone was made at the endpoint that was given");

        var before = (await live.StatusAsync()).Primary!;
        await live.World.Mongods!.KillAsync(before);
        await Eventually.Is(async () => (await live.StatusAsync()).Primary is { } now && now != before, "status names another primary");
        await live.World.Mongods.StartAgainAsync(before, CancellationToken.None);
        await Eventually.Is(async () => (await live.StatusAsync()).Summary!.Members == "4/4", "the killed member is back");
        Assert.That(await live.LostAsync(), Is.Empty);
    }

    [Test]
    public async Task Processes_with_TLS_are_a_set_as_any_other()
    {
        using var programs = new ServerPrograms();
        await using var route53 = await EmbeddedRoute53.StartAsync();
        await using var live = await LiveWorld.StartAsync(backends: programs.Choose(route53.Endpoint), tls: true);
        Assert.That(
            OperatingSystem.IsWindows() || File.GetUnixFileMode(live.World.OperatorKubeconfig) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), "a file with a token is its owner's only");

        await LiveScenarios.A_set_with_TLS_is_run_and_a_wrong_tls_is_told(live);
    }

    [Test]
    public async Task A_frozen_process_is_unhealthy_nothing_is_done_meanwhile_and_the_work_goes_on_after_the_thaw()
    {
        using var programs = new ServerPrograms();
        await using var live = await LiveWorld.StartAsync(backends: programs.Choose(null) with { KubernetesAssets = null });
        await live.ApplySetAsync(SampleNames.OldRegion, london: 0);
        await live.SettledAsync();
        var primary = (await live.StatusAsync()).Primary;
        var frozen = live.World.Members(SampleNames.OldRegion).First(host => host != primary);
        live.World.Mongods!.Freeze(frozen);
        await Eventually.Is(async () => await Healthy() == "2/3", "status counts two of three");

        await live.ApplySetAsync(SampleNames.OldRegion, london: 1);
        await Eventually.Is(
            async () => await live.GetAsync() is { Status: { Phase: not ReplicaSetPhases.Settled } status } set && status.ObservedGeneration == set.Metadata.Generation,
            "the new spec is seen, and waits",
            TimeSpan.FromSeconds(60));
        TestContext.Out.WriteLine((await live.StatusAsync()).Conditions!.Single(c => c.Type == ConditionTypes.Ready).Message);
        Assert.That((await live.StatusAsync()).Members!.Single(m => m.Host == frozen).Healthy, Is.Not.True);

        live.World.Mongods.Thaw(frozen);
        await live.SettledAsync();
        Assert.That(await Healthy(), Is.EqualTo("4/4"));
        Assert.That(await live.LostAsync(), Is.Empty);

        async Task<string?> Healthy() => (await live.StatusAsync()).Summary?.Members;
    }

    [Test]
    public void A_variable_that_names_nothing_is_refused_by_its_name() => Assert.That(
        () => BackendChoice.FromEnvironment(name => name == "MODESTANO_MONGOD" ? "/nowhere/mongod" : null),
        Throws.ArgumentException.With.Message.Contains("MODESTANO_MONGOD asks for /nowhere/mongod"));

    [Test]
    public void The_backends_are_named() => Assert.That(
        new BackendChoice("/assets", null, new Uri("http://127.0.0.1:4566")).ToString(),
        Is.EqualTo("backends: kubernetes /assets, mongodb embedded, route53 http://127.0.0.1:4566/"));
}
