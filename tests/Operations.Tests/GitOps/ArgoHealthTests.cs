using System.Text.Json.Nodes;

namespace Modestano.Operations.Tests.GitOps;

/// <summary>The health check of Argo CD, run by a real Lua interpreter on objects as the operator leaves them.</summary>
public sealed class ArgoHealthTests
{
    private const string Script = "config/argocd/mongo.modestano.io_health.lua";

    private static IEnumerable<TestCaseData<string, JsonObject>> Cases =>
    [
        Case("Progressing", "an object without status is waited for", new JsonObject { ["metadata"] = new JsonObject { ["generation"] = 1 } }),
        Case("Progressing", "a status of before the latest edit counts for nothing", Object(1, ("Ready", "True"))),
        Case("Healthy", "a settled object is healthy", Object(2, ("Ready", "True"), ("Stalled", "False"), ("Held", "False"), ("Reconciling", "False"))),
        Case("Progressing", "an object that is worked on progresses", Object(2, ("Ready", "False"), ("Reconciling", "True"))),
        Case("Progressing", "a member that lags during work is no failure", Object(2, ("Ready", "False"), ("Reconciling", "True"), ("ReplicationHealthy", "False"))),
        Case("Degraded", "a member that is down at rest is one", Object(2, ("Ready", "True"), ("Reconciling", "False"), ("ReplicationHealthy", "False"))),
        Case("Degraded", "a stalled object is degraded", Object(2, ("Ready", "False"), ("Reconciling", "False"), ("Stalled", "True"))),
        Case("Degraded", "an override without its migration needs a person", Object(2, ("Ready", "True"), ("OverrideOrphaned", "True"))),
        Case("Suspended", "a held object is suspended", Object(2, ("Ready", "False"), ("Reconciling", "True"), ("Held", "True"))),
        Case("Suspended", "a plan that waits for approval is suspended", Object(2, ("Ready", "False"), ("AwaitingApproval", "True"))),
        Case("Degraded", "stalled comes before held", Object(2, ("Held", "True"), ("Stalled", "True"))),
        Case("Progressing", "an unknown state is waited for", Object(2, ("Ready", "Unknown"))),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Argo_CD_is_told(string expected, JsonObject entity)
    {
        var program = $"obj = {LuaLiteral.Of(entity)}\nlocal health = dofile([[{Repository.PathOf(Script)}]])\nprint(health.status)\nprint(health.message)";
        var answer = Tool.Run("lua5.4", "-e", program).TrimEnd().Split('\n');
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer[0], Is.EqualTo(expected));
            Assert.That(answer[1], Is.Not.Empty.And.Not.Contains("nil"));
        }
    }

    [Test]
    public void The_config_map_holds_the_script_for_each_kind()
    {
        var data = Repository.Documents(Repository.Read("config/argocd/argocd-cm.yaml")).Single()["data"]!.AsObject();
        var script = Repository.Read(Script);
        using (Assert.EnterMultipleScope())
        {
            var health = data.Where(e => e.Key.Contains(".health.", StringComparison.Ordinal)).ToList();
            Assert.That(health.Select(e => e.Key), Is.EquivalentTo(new[] { "MongoReplicaSet", "WeightedDnsRecord", "RegionMigration" }.Select(k => $"resource.customizations.health.mongo.modestano.io_{k}")));
            Assert.That(health.Select(e => (string)e.Value!), Has.All.EqualTo(script), "run `make manifests`");
        }
    }

    private static TestCaseData<string, JsonObject> Case(string expected, string sentence, JsonObject entity) =>
        new(expected, entity) { TestName = sentence.Replace(' ', '_') };

    private static JsonObject Object(int observed, params (string Type, string Status)[] conditions) => new()
    {
        ["metadata"] = new JsonObject { ["generation"] = 2 },
        ["status"] = new JsonObject
        {
            ["observedGeneration"] = observed,
            ["conditions"] = new JsonArray([.. conditions.Select(c => new JsonObject { ["type"] = c.Type, ["status"] = c.Status, ["reason"] = "Because", ["message"] = "of this" })]),
        },
    };
}
