using System.Reflection;
using System.Text.RegularExpressions;
using Modestano.Testbed.Tests.KubeApi;

namespace Modestano.Testbed.Conformance.Behaviours;

/// <summary>The tables of <c>docs/testing.md</c> name tests that exist, and evidence of a kind that is explained there.</summary>
public sealed partial class BehaviourTests
{
    private static readonly string[] Kinds = ["recorded", "documented", "assumed", "seen in answers of AWS", "this world's own rule"];

    private static IEnumerable<TestCaseData> Lines => Behaviour.All.Select(b => new TestCaseData(b.Id).SetArgDisplayNames(b.Id));

    [TestCaseSource(nameof(Lines))]
    public void The_tests_that_are_said_to_show_a_behaviour_exist(string id)
    {
        var behaviour = Behaviour.All.Single(b => b.Id == id);
        Assert.Multiple(() =>
        {
            Assert.That(behaviour.ShownBy, Is.Not.Empty);
            Assert.That(behaviour.ShownBy.Where(t => !Exists(t)), Is.Empty);
            Assert.That(Kinds.Any(k => behaviour.Evidence.StartsWith(k, StringComparison.Ordinal)), Is.True, behaviour.Evidence);
        });
    }

    [Test]
    public void Every_recorded_topic_is_evidence_of_something() =>
        Assert.That(
            Resources.Names("Kubernetes/Recordings/").Select(n => $"kubernetes/{Path.GetFileNameWithoutExtension(n)}").Except(Behaviour.All.SelectMany(b => b.ShownBy)),
            Is.Empty);

    [TestCase("Kubernetes")]
    [TestCase("MongoDb")]
    [TestCase("Route53")]
    public void The_tests_that_the_reasons_for_not_replaying_name_exist(string server) =>
        Assert.That(NotReplayed.Of(server).Entries.SelectMany(e => Test().Matches(e.Reason).Select(m => m.Value)).Distinct().Where(t => !Exists(t)), Is.Empty);

    internal static bool Exists(string test)
    {
        if (test.Split('/') is [var server, var topic])
        {
            return Resources.Names(server == "kubernetes" ? "Kubernetes/Recordings/" : "Route53/Recordings/").Any(n => Path.GetFileNameWithoutExtension(n) == topic);
        }

        var parts = test.Split('.');
        return Fixtures(parts[0]).Any(f => parts.Length == 1 || f.GetMethod(parts[1], BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static) is not null);
    }

    private static IEnumerable<Type> Fixtures(string name) =>
        new[] { typeof(BehaviourTests).Assembly, typeof(KubectlTests).Assembly }.SelectMany(a => a.GetTypes()).Where(t => t.Name == name);

    [GeneratedRegex(@"\b[A-Z]\w*Tests\b(?:\.[A-Z]\w+)?")]
    private static partial Regex Test();
}
