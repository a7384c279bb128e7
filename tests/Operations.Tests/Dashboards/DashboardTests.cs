using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Modestano.Operations.Tests.Dashboards;

/// <summary>The Grafana dashboards: importable, choosable by namespace and object, and asking only for what the operator exposes.</summary>
public sealed partial class DashboardTests
{
    [Test]
    public void There_are_four() => Assert.That(
        Directory.GetFiles(Repository.PathOf("config/grafana"), "*.json").Select(Path.GetFileNameWithoutExtension), Is.EquivalentTo(Dashboard.Names));

    [TestCaseSource(typeof(Dashboard), nameof(Dashboard.Names))]
    public void Every_query_asks_for_metrics_and_labels_that_exist(string file)
    {
        var queries = Dashboard.Queries(file).Concat(Dashboard.VariableQueries(file)).ToList();
        Assert.That(queries, Has.Count.GreaterThan(5));
        Assert.That(queries.SelectMany(ExposedMetrics.Problems), Is.Empty);
    }

    [TestCaseSource(typeof(Dashboard), nameof(Dashboard.Names))]
    public void Prometheus_understands_every_query(string file)
    {
        // promtool checks expressions as rules; variables are replaced as Grafana would.
        var rules = Dashboard.Queries(file).Select((query, i) => (JsonNode)new JsonObject
        {
            ["record"] = $"query:number{i}",
            ["expr"] = query.Replace("$namespace", "shop").Replace("$name", "marketplace").Replace("$controller", "regionmigration"),
        });
        var path = Path.Combine(Path.GetTempPath(), $"modestano-{Guid.NewGuid():N}.json");
        try
        {
            File.WriteAllText(path, new JsonObject { ["groups"] = new JsonArray(new JsonObject { ["name"] = file, ["rules"] = new JsonArray([.. rules]) }) }.ToJsonString());
            Assert.That(Tool.Run("promtool", "check", "rules", path), Does.Contain("SUCCESS"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestCaseSource(typeof(Dashboard), nameof(Dashboard.Names))]
    public void Queries_use_the_variables_that_are_declared(string file)
    {
        var declared = Dashboard.Variables(file).Select(v => (string)v["name"]!).ToHashSet(StringComparer.Ordinal);
        string[] wanted = file == "operator" ? ["datasource", "controller"] : ["datasource", "namespace", "name"];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(declared, Is.SupersetOf(wanted));
            Assert.That(Dashboard.Queries(file).SelectMany(q => Variable().Matches(q).Select(m => m.Groups[1].Value)).Distinct(), Is.SubsetOf(declared));
            Assert.That(Dashboard.Panels(file).Select(p => (string)p["datasource"]!["uid"]!).Distinct(), Is.EqualTo(new[] { "${datasource}" }));
        }
    }

    [TestCaseSource(typeof(Dashboard), nameof(Dashboard.Names))]
    public void Panels_have_their_own_ids_and_do_not_overlap(string file)
    {
        var cells = Dashboard.Panels(file).SelectMany(p => Cells(p["gridPos"]!)).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Dashboard.Panels(file).Select(p => (int)p["id"]!), Is.Unique);
            Assert.That(cells, Is.Unique);
            Assert.That(cells.Max(c => c.X), Is.LessThan(24));
        }
    }

    private static IEnumerable<(int X, int Y)> Cells(JsonNode at) =>
        from x in Enumerable.Range((int)at["x"]!, (int)at["w"]!)
        from y in Enumerable.Range((int)at["y"]!, (int)at["h"]!)
        select (x, y);

    [GeneratedRegex(@"\$(\w+)")]
    private static partial Regex Variable();
}
