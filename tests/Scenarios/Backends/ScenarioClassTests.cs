using System.Reflection;
using System.Text.RegularExpressions;

namespace Modestano.Scenarios.Backends;

/// <summary>
/// Each scenario is of one class: <c>Live</c> runs on real servers too, <c>EmbeddedOnly</c> needs a fault or a look inside that no real server gives,
/// <c>Processes</c> tests the way to real servers, and the others run on the model under virtual time, where there is no server at all.
/// </summary>
public sealed partial class ScenarioClassTests
{
    private const string Virtual = "virtual time";

    private static readonly string[] Marks = ["Live", "EmbeddedOnly", "Processes"];

    [Test]
    public void Every_scenario_is_of_one_class_and_they_are_counted()
    {
        var scenarios = Fixtures().SelectMany(fixture => Tests(fixture).Select(test => (fixture, test, Classes: ClassesOf(fixture, test)))).ToList();

        Assert.That(scenarios.Where(s => s.Classes.Count > 1).Select(s => $"{s.fixture.Name}.{s.test.Name}: {string.Join(", ", s.Classes)}"), Is.Empty, "of two classes");
        TestContext.Out.WriteLine("scenarios: " + string.Join(", ", Marks.Append(Virtual).Select(c => $"{scenarios.Count(s => s.Classes.Single() == c)} {c}")));
    }

    [Test]
    public void Who_starts_a_server_says_so()
    {
        var silent = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.PathOf(), "tests", "Scenarios"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(file => (Name: Path.GetFileNameWithoutExtension(file), Text: File.ReadAllText(file)))
            .Where(file => StartsServer().IsMatch(file.Text))
            .Select(file => Fixtures().FirstOrDefault(fixture => fixture.Name == file.Name))
            .OfType<Type>()
            .Where(fixture => Tests(fixture).Any(test => ClassesOf(fixture, test).Contains(Virtual)))
            .Select(fixture => fixture.Name);
        Assert.That(silent, Is.Empty, "these start a server, and are marked neither Live nor EmbeddedOnly nor Processes");
    }

    private static IEnumerable<Type> Fixtures() => Assembly.GetExecutingAssembly().GetTypes()
        .Where(type => type != typeof(ScenarioClassTests) && !type.IsAbstract && Tests(type).Any());

    private static IEnumerable<MethodInfo> Tests(Type type) => type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
        .Where(method => method.GetCustomAttributes().Any(a => a is TestAttribute or TestCaseAttribute or TestCaseSourceAttribute));

    // What a test says goes before what its fixture says.
    private static List<string> ClassesOf(Type fixture, MethodInfo test)
    {
        var own = Marked(test);
        return own is [] ? Marked(fixture) is { Count: > 0 } marked ? marked : [Virtual] : own;
    }

    private static List<string> Marked(MemberInfo member) => [.. member.GetCustomAttributes<CategoryAttribute>().Select(c => c.Name).Intersect(Marks)];

    [GeneratedRegex(@"(LiveWorld|OperatedWorld|LiveDnsWorld|GadgetWorld|EmbeddedMongo|KubeApiServer|EmbeddedRoute53|PreparedCluster|MongodProcesses|OperatorProcess|EmbeddedSts)\.Start|new (GadgetWorld|DemoRun|BenchRun)\(")]
    private static partial Regex StartsServer();
}
