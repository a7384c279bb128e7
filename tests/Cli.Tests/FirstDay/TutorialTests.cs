using System.Text.RegularExpressions;
using Modestano.Testbed;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Cli.Tests.FirstDay;

/// <summary>The commands of the tutorial, in its order, from the estate to the finished move. Only durations are shortened.</summary>
public sealed partial class TutorialTests
{
    [Test, CancelAfter(300_000)]
    public async Task The_tutorial_leads_from_an_estate_to_a_finished_move(CancellationToken cancellationToken)
    {
        await using var stage = await OperatedStage.StartAsync();
        var proxy = stage.World.Mongo.ProxyEndPoint!;
        stage.Variables["MEMBER"] = "mongo-a.eu-west-1.modestano.test:27017";
        await File.WriteAllTextAsync(Path.Combine(stage.Folder, "password.txt"), SampleNames.OperatorPassword, cancellationToken);
        stage.World.Route53.Zones.Apply(SampleNames.ZoneId, null, [new AppliedChange("CREATE", new RecordSet { Name = "shop.modestano.test.", Type = "A", Ttl = 1, Values = ["192.0.2.10"] })]);
        var commands = DocumentedCommand.Of("docs/tutorial.md", Repository.Read("docs/tutorial.md")).Where(c => !c.Text.StartsWith("kubectl apply -k .`", StringComparison.Ordinal)).ToList();
        Assert.That(commands, Has.Count.GreaterThan(20));
        foreach (var command in commands.Where(c => IsStep(c)))
        {
            Shorten(stage.Folder);
            // The members stand behind a proxy and speak no TLS.
            stage.Run(command.Text.Replace("/?tls=true", $"/?proxyHost={proxy.Address}&proxyPort={proxy.Port}", StringComparison.Ordinal));
            TestContext.Out.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {command.Text}");
        }

        var config = (await stage.World.AdministerAsync("mongo-a.eu-west-2.modestano.test:27017", new MongoDB.Bson.BsonDocument("replSetGetConfig", 1), cancellationToken))["config"];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(config["members"].AsBsonArray.Select(m => m["host"].AsString), Is.EquivalentTo(SampleNames.Members(SampleNames.NewRegion)), "the old members have left");
            Assert.That(
                stage.World.Route53.Zones.Sets(SampleNames.ZoneId).Values.Where(s => s is { Name: "shop.modestano.test.", Type: "A" }).Select(s => $"{s.SetIdentifier} {s.Weight}"),
                Is.EquivalentTo(new[] { "eu-west-1 0", "eu-west-2 255" }));
            Assert.That(await File.ReadAllTextAsync(Path.Combine(stage.Folder, "london.yaml"), cancellationToken), Does.Contain("value\":\"eu-west-2\""));
        }
    }

    // Names of commands in running text are repeated by the blocks.
    private static bool IsStep(DocumentedCommand command) =>
        Repository.Read("docs/tutorial.md").Split('\n')[command.Line - 1].StartsWith(command.Text.Split(' ')[0], StringComparison.Ordinal);

    // A day and an hour are seconds here; the demo's members have just started, so no oplog is a day long.
    private static void Shorten(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.yaml").Where(f => Path.GetFileName(f) is "marketplace.yaml" or "shop.yaml" or "move.yaml"))
        {
            var text = Long().Replace(File.ReadAllText(file), "$1: 1s");
            if (!text.Contains("minOplogWindow", StringComparison.Ordinal))
            {
                text = text.Replace("  reconfiguration:\n", "  reconfiguration:\n    minOplogWindow: 0s\n    stabilizationWindow: 2s\n    maxConcurrentInitialSyncs: 3\n", StringComparison.Ordinal);
            }

            File.WriteAllText(file, text);
        }
    }

    [GeneratedRegex("(hold|interval|after): [0-9]+[mh]", RegexOptions.CultureInvariant)]
    private static partial Regex Long();
}
