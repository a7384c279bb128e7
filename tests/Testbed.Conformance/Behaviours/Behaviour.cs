using System.Text.RegularExpressions;

namespace Modestano.Testbed.Conformance.Behaviours;

/// <summary>One line of the tables of <c>docs/testing.md</c>.</summary>
/// <param name="Id">K, M or R for the server, then a number.</param>
/// <param name="Evidence">How it is known of the real server.</param>
/// <param name="ShownBy">Fixtures, tests as <c>Fixture.Test</c>, and recordings as <c>server/topic</c>.</param>
internal sealed partial record Behaviour(string Id, string Evidence, IReadOnlyList<string> ShownBy)
{
    public static IReadOnlyList<Behaviour> All { get; } =
    [
        .. Line().Matches(Resources.Text("testing.md")).Select(m => new Behaviour(
            m.Groups["id"].Value, m.Groups["evidence"].Value, [.. Code().Matches(m.Groups["tests"].Value).Select(c => c.Groups[1].Value)])),
    ];

    [GeneratedRegex(@"^\| (?<id>[KMR][A-D]?\d+\.\d+) \|[^|]*\| (?<evidence>[^|]*) \| (?<tests>[^|]*) \|$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
