namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// Releases as release notes name them: the first patch of each series that has a change, as in <c>4.4.19, 5.0.15, 6.1.0</c>. A series without
/// an entry of its own has it when it is later than the last entry.
/// </summary>
internal sealed class ReleaseRange
{
    private readonly ServerVersion[] entries;

    private ReleaseRange(ServerVersion[] entries) => this.entries = entries;

    public static ReleaseRange Parse(string text) => new([.. text.Split(", ").Select(ServerVersion.Parse)]);

    public bool Contains(ServerVersion version)
    {
        foreach (var entry in entries)
        {
            if (entry.IsOfSeries(version))
            {
                return version.IsAtLeast(entry);
            }
        }

        return version.IsAtLeast(entries[^1]);
    }
}
