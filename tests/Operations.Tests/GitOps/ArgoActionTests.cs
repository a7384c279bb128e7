using System.Text.Json.Nodes;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Operations.Tests.GitOps;

/// <summary>The actions of Argo CD, run by a real Lua interpreter as the ConfigMap has them.</summary>
public sealed class ArgoActionTests
{
    [TestCase("MongoReplicaSet", "", "hold=on resume=off")]
    [TestCase("WeightedDnsRecord", "hold", "hold=off resume=on")]
    [TestCase("RegionMigration", "", "hold=on resume=off promote=off roll-back=on")]
    [TestCase("RegionMigration", "paused", "hold=on resume=off promote=on roll-back=on")]
    [TestCase("RegionMigration", "promoted", "hold=on resume=off promote=off roll-back=on")]
    [TestCase("RegionMigration", "roll-back", "hold=on resume=off promote=off roll-back=off")]
    [TestCase("RegionMigration", "latched", "hold=on resume=off promote=off roll-back=off")]
    [TestCase("RegionMigration", "retiring", "hold=on resume=off promote=off roll-back=off")]
    public void Only_actions_that_make_sense_are_offered(string kind, string state, string offered)
    {
        const string print = "for _, name in ipairs({'hold', 'resume', 'promote', 'roll-back'}) do if actions[name] then io.write(name, actions[name].disabled and '=off ' or '=on ') end end";
        var answer = Run($"local actions = (function()\n{Actions(kind)["discovery.lua"]}\nend)()\n{print}", Entity(kind, state));
        Assert.That(answer.Trim(), Is.EqualTo(offered));
    }

    [TestCase("MongoReplicaSet", "hold", "", Annotations.Hold, true)]
    [TestCase("WeightedDnsRecord", "resume", "hold", Annotations.Hold, false)]
    [TestCase("RegionMigration", "resume", "", Annotations.Hold, false)]
    [TestCase("RegionMigration", "roll-back", "", Annotations.RollBack, true)]
    [TestCase("RegionMigration", "promote", "paused", Annotations.Promote + "=10/0a1b2c3d", true)]
    [TestCase("RegionMigration", "promote", "", Annotations.Promote, false)]
    public void An_action_sets_the_annotation_that_the_operator_reads_and_nothing_else(string kind, string action, string state, string annotation, bool set)
    {
        var script = (string)Actions(kind)["definitions"]!.AsArray().Single(a => (string?)a!["name"] == action)!["action.lua"]!;
        var entity = Entity(kind, state);
        var answer = Run($"local new = (function()\n{script}\nend)()\nfor k, v in pairs(new.metadata.annotations or {{}}) do print(k .. '=' .. v) end\nprint(new.spec.mark)", entity);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Contains(annotation.Contains('=', StringComparison.Ordinal) ? annotation + "\n" : annotation + "=", StringComparison.Ordinal), Is.EqualTo(set));
            Assert.That(answer, Does.EndWith("unchanged\n"));
        }
    }

    [Test]
    public void Every_kind_has_its_actions() =>
        Assert.That(
            new[] { "MongoReplicaSet", "WeightedDnsRecord", "RegionMigration" }.Select(k => string.Join(' ', Actions(k)["definitions"]!.AsArray().Select(a => (string?)a!["name"]))),
            Is.EqualTo(new[] { "hold resume", "hold resume", "hold resume promote roll-back" }));

    private static JsonObject Actions(string kind)
    {
        var data = Repository.Documents(Repository.Read("config/argocd/argocd-cm.yaml")).Single()["data"]!;
        return Repository.Documents((string)data[$"resource.customizations.actions.mongo.modestano.io_{kind}"]!).Single();
    }

    private static string Run(string program, JsonObject entity) => Tool.Run("lua5.4", "-e", $"obj = {LuaLiteral.Of(entity)}\n{program}");

    private static JsonObject Entity(string kind, string state) => new()
    {
        ["kind"] = kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = "x",
            ["annotations"] = state is "hold" or "roll-back" ? new JsonObject { [state == "hold" ? Annotations.Hold : Annotations.RollBack] = "why" } : null,
        },
        ["spec"] = new JsonObject { ["mark"] = "unchanged" },
        ["status"] = state switch
        {
            "latched" => new JsonObject { ["rollBack"] = new JsonObject { ["reason"] = "why" } },
            "paused" => new JsonObject { ["pause"] = Pause(), ["promoted"] = new JsonObject { ["token"] = "of an earlier one" } },
            "promoted" => new JsonObject { ["pause"] = Pause(), ["promoted"] = new JsonObject { ["token"] = "0a1b2c3d" } },
            "retiring" => new JsonObject { ["override"] = new JsonObject { ["retiredMembers"] = new JsonArray("a:27017") } },
            _ => null,
        },
    };

    private static JsonObject Pause() => new() { ["percent"] = 10, ["token"] = "0a1b2c3d" };
}
