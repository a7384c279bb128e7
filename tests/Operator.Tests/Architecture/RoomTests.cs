using ArchUnitNET.Loader;

namespace Modestano.Operator.Tests.Architecture;

/// <summary>Holds the rooms and arrows of docs/architecture.md: a room is a folder, which is a namespace.</summary>
public sealed class RoomTests
{
    private const string Root = "Modestano.Operator.";

    private static readonly Lazy<IReadOnlyList<Arrow>> Arrows = new(Read);

    private static IEnumerable<TestCaseData> Forbidden()
    {
        string[] domains = ["ReplicaSets", "Dns", "Migrations"];
        foreach (var below in new[] { "Runtime", "Overrides", "Observability", "Permissions" })
        {
            foreach (var domain in domains)
            {
                yield return new TestCaseData(below, domain).SetArgDisplayNames(below, domain);
            }
        }

        yield return new TestCaseData("ReplicaSets", "Dns");
        yield return new TestCaseData("ReplicaSets", "Migrations");
        yield return new TestCaseData("Dns", "ReplicaSets");
        yield return new TestCaseData("Dns", "Migrations");
        yield return new TestCaseData("Overrides", "Runtime.Hosting");
    }

    [TestCaseSource(nameof(Forbidden))]
    public void A_domain_does_not_know(string room, string other) =>
        Assert.That(Between(room, other), Is.Empty);

    [TestCase("MongoDB")]
    [TestCase("Amazon")]
    [TestCase("Modestano.Operator.ReplicaSets.Mongo")]
    [TestCase("Modestano.Operator.Dns.Route53")]
    public void A_migration_knows_its_targets_by_their_statuses_and_no_driver(string driver) =>
        Assert.That(Arrows.Value.Where(a => a.FromIn("Migrations") && Within(a.To, driver)), Is.Empty);

    [TestCase("ReplicaSets.Control", "ReplicaSets.Decision")]
    [TestCase("ReplicaSets.Decision", "ReplicaSets.Rules")]
    [TestCase("Dns.Control", "Dns.Decision")]
    [TestCase("Migrations.Control", "Migrations.Decision")]
    public void A_controller_knows_its_planner_and_a_planner_its_rules(string room, string other) =>
        Assert.That(Between(room, other), Is.Not.Empty);

    [Test]
    public void Rooms_know_each_other_in_one_direction_only()
    {
        var next = Arrows.Value.Where(a => a.To.StartsWith(Root, StringComparison.Ordinal)).ToLookup(a => a.From, a => a.To);
        var circles = next.Select(room => Circle(room.Key, next)).OfType<IReadOnlyList<string>>().ToList();

        Assert.That(circles, Is.Empty, () => string.Join(Environment.NewLine, circles[0].Zip(circles[0].Skip(1)).Select(step =>
            $"{step.First} knows {step.Second}: {string.Join(", ", Arrows.Value.Where(a => a.From == step.First && a.To == step.Second).Select(a => a.Example).Distinct().Take(5))}")));
    }

    [TestCase("System.IO.")]
    [TestCase("System.Net.Sockets.")]
    [TestCase("System.Net.Http.")]
    [TestCase("System.Net.Dns")]
    [TestCase("System.Random")]
    [TestCase("System.TimeProvider")]
    [TestCase("System.Threading.Tasks.")]
    [TestCase("MongoDB.Driver")]
    [TestCase("k8s.Kubernetes")]
    [TestCase("k8s.IKubernetes")]
    [TestCase("Microsoft.Extensions.Logging")]
    public void A_planner_and_a_rule_read_send_and_draw_nothing(string what)
    {
        string[] pure = ["ReplicaSets.Decision", "ReplicaSets.Planning", "ReplicaSets.Rules", "ReplicaSets.Simulation", "ReplicaSets.Topology", "Dns.Decision", "Dns.Planning", "Dns.Weights", "Migrations.Decision", "Migrations.Planning", "Migrations.Phases"];
        Assert.That(
            Arrows.Value.Where(a => pure.Any(a.FromIn) && a.Target.StartsWith(what, StringComparison.Ordinal)).Select(a => a.Example).Distinct(),
            Is.Empty);
    }

    [TestCase("TopologyChange")]
    [TestCase("Arrangement")]
    [TestCase("VoteChanges")]
    [TestCase("Priorities")]
    [TestCase("HandOff")]
    [TestCase("Majorities")]
    [TestCase("Redundancy")]
    [TestCase("Recovery")]
    [TestCase("Bootstrap")]
    [TestCase("MemberAdmission")]
    [TestCase("NewcomerReadiness")]
    public void A_rule_asks_no_part_that_decides(string part)
    {
        Assert.That(typeof(OperatorHost).Assembly.GetTypes().Where(t => t.Name == part && Within(t.Namespace ?? "", Root + "ReplicaSets.Planning")), Has.Exactly(1).Items);
        Assert.That(Arrows.Value.Where(a => a.FromIn("ReplicaSets.Rules") && a.Target.EndsWith("." + part, StringComparison.Ordinal)).Select(a => a.Example), Is.Empty);
    }

    /// <summary>A file has one topic; what is longer has two.</summary>
    [Test]
    public void A_file_has_at_most_250_lines() =>
        Assert.That(
            Directory.EnumerateFiles(RepositoryRoot.PathOf("src/Operator"), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && File.ReadLines(file).Count() > 250)
                .Select(Path.GetFileName),
            Is.Empty);

    private static IEnumerable<string> Between(string room, string other) =>
        Arrows.Value.Where(a => a.FromIn(room) && Within(a.To, Root + other)).Select(a => a.Example).Distinct();

    private static bool Within(string room, string of) => room == of || room.StartsWith(of + ".", StringComparison.Ordinal);

    /// <summary>The shortest way from a room back to itself; null: there is none.</summary>
    private static IReadOnlyList<string>? Circle(string start, ILookup<string, string> next)
    {
        var cameFrom = new Dictionary<string, string>(StringComparer.Ordinal);
        var queue = new Queue<string>([start]);
        while (queue.TryDequeue(out var room))
        {
            foreach (var neighbour in next[room])
            {
                if (neighbour == start)
                {
                    var way = new List<string> { start, room };
                    while (way[^1] != start)
                    {
                        way.Add(cameFrom[way[^1]]);
                    }

                    way.Reverse();
                    return way;
                }

                if (cameFrom.TryAdd(neighbour, room))
                {
                    queue.Enqueue(neighbour);
                }
            }
        }

        return null;
    }

    // What registers services knows everything in its domain, and is known by the host alone.
    private static List<Arrow> Read() =>
    [
        .. new ArchLoader().LoadAssemblies(typeof(OperatorHost).Assembly).Build().Types
            .Where(type => type.FullName.StartsWith(Root, StringComparison.Ordinal) && !type.FullName.Contains("ServiceCollectionExtensions", StringComparison.Ordinal))
            .SelectMany(type => type.Dependencies)
            .Where(dependency => dependency.Origin.Namespace.FullName != dependency.Target.Namespace?.FullName)
            .Where(dependency => !dependency.Target.FullName.Contains("ServiceCollectionExtensions", StringComparison.Ordinal))
            .Select(dependency => new Arrow(dependency.Origin.Namespace.FullName, dependency.Target.Namespace?.FullName ?? "", dependency.Target.FullName, $"{dependency.Origin.Name} -> {dependency.Target.Name}")),
    ];

    private sealed record Arrow(string From, string To, string Target, string Example)
    {
        public bool FromIn(string room) => Within(From, Root + room);
    }
}
