using System.Globalization;
using System.Text;
using k8s;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Control;
using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Planning;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Modestano.Operator.Tests.ReplicaSets.Golden;

/// <summary>
/// One folder a case, its name a sentence: from <c>observation.yaml</c> and <c>spec.yaml</c> follows <c>plan.yaml</c>, what status.plan would
/// say and what would be there at its end. <c>MODESTANO_UPDATE_GOLDEN=1</c> writes the plans anew: read the difference before it is committed.
/// </summary>
public class GoldenTests
{
    private const string PlanFile = "plan.yaml";
    private static readonly string Folder = Path.Combine(RepositoryRoot.PathOf(), "tests", "Operator.Tests", "ReplicaSets", "Golden");
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
    private static readonly IDeserializer Untyped = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
    private static readonly ISerializer Json = new SerializerBuilder().JsonCompatible().Build();

    private static IEnumerable<TestCaseData> Cases() =>
        Directory.EnumerateDirectories(Folder).Order(StringComparer.Ordinal).Select(f => new TestCaseData(f).SetName(Path.GetFileName(f)));

    [TestCaseSource(nameof(Cases))]
    public void The_plan_follows_from_what_is_seen_and_wanted(string folder)
    {
        var spec = KubernetesJson.Deserialize<MongoReplicaSetSpec>(Json.Serialize(Untyped.Deserialize<object>(File.ReadAllText(Path.Combine(folder, "spec.yaml")))));
        var seen = Yaml.Deserialize<GoldenObservation>(File.ReadAllText(Path.Combine(folder, "observation.yaml")));
        var desired = DesiredTopology.From(spec, Sets.Owner);
        var observed = seen.ToObservation(spec);
        var policy = Policies.From(spec);
        var plan = PlanPreview.Of(new(observed, desired, policy, PlanningHistory.Empty), Sets.Identity);
        var text = Write(plan, RestPlan.For(desired, observed.Config));
        var file = Path.Combine(folder, PlanFile);
        if (Environment.GetEnvironmentVariable("MODESTANO_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, text);
        }

        Assert.That(text, Is.EqualTo(File.ReadAllText(file)));
    }

    [Test]
    public void There_are_cases() => Assert.That(Cases().Count(), Is.GreaterThan(10));

    private static string Write(PlanPreview plan, RestPlan rest)
    {
        var text = new StringBuilder().Append("settles: ").Append(plan.Settles ? "true" : "false").Append('\n').Append(plan.Steps.Count == 0 ? "steps: []\n" : "steps:\n");
        foreach (var step in plan.Steps)
        {
            text.Append("- ").Append(step.Kind).Append(": ").Append(Quoted(step.Summary)).Append('\n');
            if (step.Votes is { } votes)
            {
                text.Append("  votes: ").Append(Quoted(votes)).Append('\n');
            }
        }

        text.Append("atRest:\n");
        foreach (var member in rest.Members)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {{host: {Quoted(member.Host)}, votes: {member.Votes}, priority: {member.Priority}{(member.Hidden ? ", hidden: true" : "")}}}\n");
        }

        return text.ToString();
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
