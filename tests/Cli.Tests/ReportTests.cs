using AngleSharp.Html.Parser;
using Markdig;
using Modestano.Cli.Cluster;
using Modestano.Cli.Reports;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Cli.Tests;

/// <summary>What a migration did, told to those who were asleep.</summary>
public sealed class ReportTests
{
    private static readonly DateTime Three = new(2026, 3, 1, 3, 0, 0, DateTimeKind.Utc);

    [Test]
    public void A_phase_lasts_until_the_next_one_begins_and_the_end_lasts_no_time()
    {
        var account = Account(Completed);

        Assert.That(account.Phases, Is.EqualTo(new[]
        {
            new PhaseAccount("Shifting", Three, TimeSpan.FromMinutes(90)), new PhaseAccount("MovingPrimary", Three.AddMinutes(90), TimeSpan.FromMinutes(1)), new PhaseAccount("Completed", Three.AddMinutes(91), null),
        }));
        Assert.That((account.Begun, account.Ended, account.Took), Is.EqualTo((Three, Three.AddMinutes(91), TimeSpan.FromMinutes(91))));
        Assert.That(account.Outcome, Is.EqualTo("Primary and traffic are in eu-west-2."));
    }

    [Test]
    public void A_migration_under_way_has_no_end_and_says_what_it_waits_for()
    {
        var account = Account(Samples.Migration with { Timeline = [new TimelineEntry { Time = Three, Phase = "Shifting", Message = "10%" }] });

        Assert.That((account.Ended, account.Took, account.Outcome), Is.EqualTo(((DateTime?)null, TimeSpan.Zero, "Under way: waiting for gate error-rate.")));
    }

    [Test]
    public void One_that_has_not_begun_has_no_figures_and_is_told_all_the_same()
    {
        var account = MigrationAccount.Of(Migration(null), new MigrationTargets(null, []), null);

        Assert.That((account.Begun, account.Took, account.Phase), Is.EqualTo(((DateTime?)null, (TimeSpan?)null, "Pending")));
        Assert.That(MarkdownReport.Of(account), Does.Contain("| Took | - |"));
    }

    [Test]
    public void Weights_stand_side_by_side_before_asked_for_and_served()
    {
        Assert.That(Account(Completed).Endpoints[1], Is.EqualTo(new EndpointAccount("shop.modestano.test", "eu-west-2", "eu-west-2", 0, 255, 0, "0.0")));
    }

    [Test]
    public void Who_asked_for_the_way_back_and_why_is_told()
    {
        var back = Completed with { Phase = MigrationPhases.RolledBack, RollBack = new RollBackRequest { Reason = "lag in London", Source = "Annotation", Time = Three, FromPhase = "Soaking" } };

        Assert.That(MarkdownReport.Of(Account(back)), Does.Contain("Taken back: lag in London.")
            .And.Contain("| Asked for | 2026-03-01 03:00:00Z a roll-back was asked for in Soaking (Annotation): lag in London |"));
    }

    [Test]
    public void A_timeline_that_is_full_says_that_it_may_be_cut()
    {
        var full = Completed with { Timeline = [.. Enumerable.Range(0, 50).Select(i => new TimelineEntry { Time = Three.AddSeconds(i), Phase = "Shifting", Message = $"{i}" })] };

        Assert.That(MarkdownReport.Of(Account(full)), Does.Contain("keeps the last 50 entries"));
        Assert.That(HtmlReport.Of(Account(full)), Does.Contain("keeps the last 50 entries"));
    }

    [Test]
    public void Text_of_objects_is_no_markup_in_either()
    {
        const string Evil = "</td><script>alert(1)</script> | [x](javascript:y) ![z](http://e) `*_#\n# title";
        var hostile = Completed with
        {
            Gates = [new GateStatus { Name = "error-rate", Result = "Failing", Message = Evil }],
            Timeline = [new TimelineEntry { Time = Three, Phase = "Completed", Message = Evil }],
        };

        var (markdown, html) = (MarkdownReport.Of(Account(hostile)), HtmlReport.Of(Account(hostile)));

        foreach (var page in new[] { html, Markdown.ToHtml(markdown, new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().Build()) })
        {
            using var document = new HtmlParser().ParseDocument(page);
            var cells = document.QuerySelectorAll("td").Where(c => c.TextContent.Contains("alert(1)", StringComparison.Ordinal)).Select(c => c.TextContent);
            Assert.That(document.QuerySelectorAll("script, a, img, code, em, h1 ~ h1"), Is.Empty);
            Assert.That(cells.Select(c => c.Replace('\n', ' ')), Is.EqualTo(Enumerable.Repeat(Evil.Replace('\n', ' '), 2)), "every letter of it is read");
            Assert.That(document.QuerySelectorAll("tr").Select(r => r.Children.Length), Is.All.EqualTo(2).Or.EqualTo(3).Or.EqualTo(6).Or.EqualTo(7));
        }
    }

    [Test]
    public void The_page_loads_nothing()
    {
        var html = HtmlReport.Of(Account(Completed));

        Assert.That(html, Does.StartWith("<!doctype html>").And.Contain("default-src 'none'"));
        Assert.That(html, Does.Not.Contain("http:").And.Not.Contain("https:").And.Not.Contain("src=").And.Not.Contain("href=").And.Not.Contain("url("));
    }

    [Test]
    public void The_edits_for_Git_close_it_in_a_fence_that_they_cannot_end()
    {
        var text = MarkdownReport.Of(Account(Completed, "patches: []\n# ```` \n"));

        Assert.That(text, Does.EndWith("## What Git must still say\n\n`````yaml\npatches: []\n# ```` \n`````\n"));
    }

    private static RegionMigrationStatus Completed => Samples.Migration with
    {
        Phase = MigrationPhases.Completed,
        PrimaryRegion = "eu-west-2",
        WriteGapMillis = 1057,
        Origin = new MigrationOrigin { PrimaryRegion = "eu-west-1", Records = [Weights(255, 0)] },
        Override = new MigrationOverride { Revision = 7, PrimaryRegion = "eu-west-2", Records = [Weights(0, 255)] },
        Timeline =
        [
            new TimelineEntry { Time = Three, Phase = "Shifting", Message = "Step 1" }, new TimelineEntry { Time = Three.AddMinutes(30), Phase = "Shifting", Message = "Step 2" },
            new TimelineEntry { Time = Three.AddMinutes(90), Phase = "MovingPrimary", Message = "The primary moves" }, new TimelineEntry { Time = Three.AddMinutes(91), Phase = "Completed", Message = "Done" },
        ],
    };

    private static RecordOverride Weights(int ireland, int london) => new() { Name = "shop", Weights = new Dictionary<string, int> { ["eu-west-1"] = ireland, ["eu-west-2"] = london } };

    private static RegionMigration Migration(RegionMigrationStatus? status) => new()
    {
        Metadata = new() { Name = "ireland-to-london", NamespaceProperty = "marketplace" },
        Spec = new RegionMigrationSpec { ReplicaSetRef = new LocalObjectReference { Name = "marketplace" }, From = "eu-west-1", To = "eu-west-2", DnsRecordRefs = [new MigratedDnsRecord { Name = "shop" }] },
        Status = status,
    };

    private static MigrationAccount Account(RegionMigrationStatus status, string? edits = null) => MigrationAccount.Of(
        Migration(status), new MigrationTargets(new MongoReplicaSet { Spec = new MongoReplicaSetSpec { ReplicaSetName = "rs0", PrimaryRegion = "eu-west-1", Regions = [] }, Status = Samples.ReplicaSet },
        [new WeightedDnsRecord { Metadata = new() { Name = "shop" }, Spec = new WeightedDnsRecordSpec { ProviderRef = new LocalObjectReference { Name = "production" }, HostedZone = new HostedZoneReference { Id = "Z1" }, Name = "shop.modestano.test", Endpoints = [] }, Status = Samples.Record }]),
        edits);
}
