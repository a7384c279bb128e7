using Modestano.Cli.Init;
using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Cli.Tests;

/// <summary>Ten sets as they are found in the wild.</summary>
internal static class LiveSets
{
    private static readonly LiveLogin Login = new("SCRAM-SHA-256", UsesTls: true, HasOwnAuthority: true, HasClientCertificate: false);

    public static readonly IReadOnlyDictionary<string, LiveSet> All = new Dictionary<string, LiveSet>
    {
        ["three-equal"] = Set("a.eu-west-1", Member("a.eu-west-1"), Member("b.eu-west-1"), Member("c.eu-west-1")),
        ["two-regions"] = Set("a.eu-west-1", Member("a.eu-west-1"), Member("b.eu-west-1"), Member("a.eu-west-2"), Member("b.eu-west-2"), Member("a.eu-central-1")),
        ["at-rest"] = Set("a.eu-west-1", Member("a.eu-west-1", priority: 2), Member("b.eu-west-1", priority: 2), Member("c.eu-west-1", priority: 2), Member("a.eu-west-2"), Member("b.eu-west-2")),
        ["fractions"] = Set("a.eu-west-1", Member("a.eu-west-1", priority: 10), Member("b.eu-west-1", priority: 9.5), Member("a.eu-west-2", priority: 0.5)),
        ["arbiter"] = Set("a.eu-west-1", Member("a.eu-west-1"), Member("a.eu-west-2"), Member("x.eu-west-3") with { ArbiterOnly = true, Priority = 0 }),
        ["hidden-delayed"] = Set(
            "a.eu-west-1",
            Member("a.eu-west-1"), Member("b.eu-west-1"), Member("c.eu-west-1"),
            Member("r.eu-west-1", votes: 0, priority: 0) with { Hidden = true, Tags = new Dictionary<string, string> { ["use"] = "reporting" } },
            Member("d.eu-west-2", votes: 0, priority: 0) with { Hidden = true, SecondaryDelaySecs = 3600 }),
        ["votes-elsewhere"] = Set("a.eu-west-1", Member("a.eu-west-1"), Member("b.eu-west-1", votes: 0, priority: 0), Member("a.eu-west-2"), Member("b.eu-west-2", priority: 0)),
        ["nine"] = Set("a.eu-west-1", [.. "abcde".Select(c => Member($"{c}.eu-west-1")), .. "abcd".Select((c, i) => Member($"{c}.eu-west-2", votes: i < 2 ? 1 : 0, priority: i < 2 ? 1 : 0))]),
        ["settings-horizons"] = Set("a.eu-west-1", Member("a.eu-west-1") with { Tags = Rack("1"), Horizons = new Dictionary<string, string> { ["public"] = "db1.example.com:27017" } }, Member("b.eu-west-1") with { Tags = Rack("2") }, Member("c.eu-west-1") with { BuildIndexes = false, Votes = 0, Priority = 0, Hidden = true }) is var set
            ? set with { Config = set.Config with { Settings = new ConfigSettings { ElectionTimeoutMillis = 5000, ChainingAllowed = false, HeartbeatIntervalMillis = 2000, GetLastErrorModes = new Dictionary<string, IReadOnlyDictionary<string, int>> { ["twoRacks"] = new Dictionary<string, int> { ["rack"] = 2 } } } } }
            : null!,
        ["tagged"] = Set(
            "10.1.0.1",
            Member("10.1.0.1") with { Tags = new Dictionary<string, string> { ["region"] = "eu-west-1", ["zone"] = "eu-west-1a", ["disk"] = "ssd" } },
            Member("10.1.0.2") with { Tags = new Dictionary<string, string> { ["region"] = "eu-west-1", ["zone"] = "eu-west-1b" } },
            Member("[2001:db8::7]") with { Tags = new Dictionary<string, string> { ["region"] = "eu-west-2" } }),
    };

    private static LiveSet Set(string primary, params ConfigMember[] members) => new(
        new ReplicaSetConfig { SetName = "rs0", Version = 7, Term = 3, Members = [.. members.Select((m, i) => m with { Id = i })] },
        [],
        Host(primary),
        "7.0.14",
        Login);

    private static ConfigMember Member(string name, int votes = 1, double priority = 1) => new() { Id = 0, Host = Host(name), Votes = votes, Priority = priority };

    private static Dictionary<string, string> Rack(string number) => new() { ["rack"] = number };

    private static string Host(string name) => char.IsAsciiLetter(name[0]) ? $"mongo-{name}.example.internal:27017" : $"{name}:27017";
}
