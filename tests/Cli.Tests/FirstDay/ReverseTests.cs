namespace Modestano.Cli.Tests.FirstDay;

/// <summary>There and back again over the real protocols: a migration ends, Git says so, and what <c>reverse</c> prints takes everything back.</summary>
public sealed class ReverseTests
{
    private OperatedStage stage = null!;

    [OneTimeSetUp]
    public async Task Start() => stage = await OperatedStage.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await stage.DisposeAsync();

    [Test]
    public async Task The_printed_manifest_takes_primary_and_traffic_back_where_they_were()
    {
        stage.Run($"kubectl kustomize {Repository.PathOf("config/samples/demo")} > objects.yaml");
        stage.Run("kubectl apply -f objects.yaml");
        await EndAsync("ireland-to-london");
        Assert.That(Place(), Is.EqualTo(("eu-west-2", "eu-west-1=0 eu-west-2=255")));

        stage.Run("echo 'resources: [objects.yaml]' > kustomization.yaml");
        stage.Run("kubectl modestano edits rmig ireland-to-london >> kustomization.yaml");
        stage.Run("kubectl apply -k .");
        await stage.ReachAsync("rmig", "ireland-to-london", o => o["status"]?["released"]?.AsArray().Count == 2, "both targets are released");
        stage.Run("kubectl modestano reverse rmig ireland-to-london > back.yaml");
        Assert.That(stage.Run("cat back.yaml"), Does.Not.Contain("# Before that"));
        stage.Run("kubectl apply -f back.yaml");
        await EndAsync("ireland-to-london-back");
        Assert.That(Place(), Is.EqualTo(("eu-west-1", "eu-west-1=255 eu-west-2=0")));
    }

    private async Task EndAsync(string name)
    {
        foreach (var phases in new[] { "Shifting MovingPrimary Soaking Completed", "Soaking Completed", "Completed" })
        {
            await stage.ReachAsync("rmig", name, o => (string?)o["status"]?["phase"] is { } phase && phases.Split(' ').Contains(phase), phases);
        }

        await stage.ReachAsync("rmig", name, o => o["status"]?["specEdits"]?.AsArray().Count > 0, "the edits are listed");
    }

    private (string? Primary, string Weights) Place() => (
        (string?)stage.Get("mrs", "marketplace")["status"]!["primaryRegion"],
        string.Join(' ', stage.Get("wdr", "shop")["status"]!["endpoints"]!.AsArray().Select(e => $"{e!["setIdentifier"]}={e["servedWeight"]}").Order(StringComparer.Ordinal)));
}
