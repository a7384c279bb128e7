using System.Globalization;

namespace Modestano.Testbed.MigrationBench;

/// <summary>What one way of carrying out the migration took.</summary>
/// <param name="Who">As <c>operator</c>.</param>
/// <param name="Reached">When each milestone was reached, since the beginning.</param>
/// <param name="Reconfigs">Configurations that were installed.</param>
/// <param name="LongestGap">Between two writes acknowledged by a majority.</param>
/// <param name="Acknowledged">Writes acknowledged by a majority.</param>
/// <param name="Lost">Of them, those that are gone.</param>
/// <param name="Failed">Errors that reached the application.</param>
internal sealed record MigrationTiming(
    string Who, IReadOnlyDictionary<Milestone, TimeSpan> Reached, int Reconfigs, TimeSpan LongestGap, int Acknowledged, int Lost, int Failed)
{
    /// <summary>From the beginning to the last milestone.</summary>
    public TimeSpan Total => Reached.Values.Max();

    /// <summary>One line: seconds from milestone to milestone, in the order in which they came, and what it cost.</summary>
    public override string ToString()
    {
        var before = TimeSpan.Zero;
        var phases = new List<string>();
        foreach (var (milestone, at) in Reached.OrderBy(r => r.Value))
        {
            phases.Add(string.Create(CultureInfo.InvariantCulture, $"{milestone} {(at - before).TotalSeconds:0.00}"));
            before = at;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Who,-9} {Total.TotalSeconds:0.00} s: {string.Join(", ", phases)}; {Reconfigs} reconfigs, longest write gap {LongestGap.TotalMilliseconds:0} ms, {Acknowledged} writes, {Lost} lost, {Failed} failed");
    }

    /// <summary>The closing line.</summary>
    public static string Compare(MigrationTiming operators, MigrationTiming script) => string.Create(
        CultureInfo.InvariantCulture,
        $"ratio {operators.Total / script.Total:0.00}, gap {operators.LongestGap.TotalMilliseconds:0} ms against {script.LongestGap.TotalMilliseconds:0} ms");
}
