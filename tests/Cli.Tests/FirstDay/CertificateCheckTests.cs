using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Modestano.Testbed;

namespace Modestano.Cli.Tests.FirstDay;

/// <summary>What <c>check</c> tells of the certificates that members show over real TLS, with the committed sample.</summary>
public sealed class CertificateCheckTests
{
    private static readonly IReadOnlyList<string> Members = SampleNames.Members(SampleNames.OldRegion);

    [Test, CancelAfter(180_000)]
    public async Task A_certificate_that_ends_in_ten_days_is_warned_of_and_one_that_is_fine_passes(CancellationToken cancellationToken)
    {
        await using var stage = await OperatedStage.StartAsync(world => world with { MemberTls = true, CertificatesValidFor = new Dictionary<string, TimeSpan> { [Members[1]] = TimeSpan.FromDays(10) } });
        await File.WriteAllTextAsync(Path.Combine(stage.Folder, "ca.crt"), stage.World.MemberAuthorityPem, cancellationToken);
        stage.Run($"kubectl apply -f {Repository.PathOf("config/samples/marketplace/credentials.yaml")}");
        stage.Run("kubectl create secret generic mongo-ca --type=mongo.modestano.io/ca --from-file=ca.crt");
        // The members have just begun, and so have their oplogs.
        stage.Run($"kubectl kustomize {Repository.PathOf("config/samples/tls")} | sed 's/    mode: Plan/    mode: Plan\\n    minOplogWindow: 0s/' | kubectl apply -f -");
        await stage.ReachAsync("mrs", "marketplace", o => Rows(o["status"]?["checks"]).Count == 3, "a row for each certificate");

        var (code, output, error) = stage.Try("kubectl modestano check mrs marketplace -o json");
        var rows = Rows(JsonNode.Parse(output)!["rows"]);
        var days = new[] { 9, 10 }.Select(days => DateTime.UtcNow.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.Zero, "a warning fails nothing\n" + output + error);
            Assert.That(rows.Select(r => $"{r["subject"]} {r["result"]}"), Is.EqualTo(new[] { $"{Members[0]} Passed", $"{Members[1]} Warning", $"{Members[2]} Passed" }));
            Assert.That((string?)rows[1]["value"], Is.AnyOf(days.ToArray<object>()));
            Assert.That((string?)rows[1]["limit"], Is.EqualTo("30d"));
            Assert.That(stage.Run("kubectl modestano check mrs marketplace"), Does.Match($"Warning  CertificateEnd {Regex.Escape(Members[1])}").And.Contain("renew it first"));
            Assert.That(stage.Try("kubectl modestano check mrs marketplace --strict").Code, Is.EqualTo(1), "a pipeline may want to stop for it");
        }
    }

    private static List<JsonNode> Rows(JsonNode? checks) =>
        [.. (checks?.AsArray() ?? []).Where(c => (string?)(c!["check"] ?? c["name"]) == "CertificateEnd").Select(c => c!)];
}
