using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Dns.Planning.Rules;

/// <summary>
/// D4: a set that exists is changed by DELETE of exactly what was read and CREATE of what is wanted in one batch. That costs what an
/// UPSERT costs, and the service refuses it if anybody changed the set in between, a paused former leader included.
/// </summary>
public static class CompareAndSwap
{
    /// <summary>The most values in a batch.</summary>
    public const int MostValues = 1000;

    /// <summary>The most characters of values in a batch.</summary>
    public const int MostCharacters = 32000;

    /// <summary>The changes from what was read to what is wanted: all DELETEs, then all CREATEs, so that sets of a group may get another TTL together.</summary>
    /// <param name="read">Our sets as read, marks included.</param>
    /// <param name="wanted">Our sets as they should be.</param>
    /// <param name="together">Sets among these are swapped as soon as one of them is: a weight means something only beside the others.</param>
    public static IReadOnlyList<RecordChange> Changes(IReadOnlyCollection<RecordSet> read, IReadOnlyCollection<RecordSet> wanted, Func<RecordSet, bool> together)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(wanted);
        var before = read.ToDictionary(KeyOf);
        var after = wanted.ToDictionary(KeyOf);
        bool Differs(RecordSet set) => !before.TryGetValue(KeyOf(set), out var was) || !after.TryGetValue(KeyOf(set), out var will) || !was.IsSameAs(will);

        var swapTogether = read.Concat(wanted).Any(set => together(set) && Differs(set));
        bool Changes(RecordSet set) => Differs(set) || (swapTogether && together(set));
        return
        [
            .. read.Where(Changes).Select(set => new RecordChange(false, set)),
            .. wanted.Where(Changes).Select(set => new RecordChange(true, set)),
        ];
    }

    /// <summary>Writes what is there once more: a change whose outcome is not known is in sync as soon as this one is.</summary>
    public static IReadOnlyList<RecordChange> Again(IReadOnlyCollection<RecordSet> read) =>
        [.. read.Select(set => new RecordChange(false, set)), .. read.Select(set => new RecordChange(true, set))];

    /// <summary>Why a batch is too large for the service; null: it is not.</summary>
    public static string? TooLarge(IReadOnlyCollection<RecordChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var values = Values(changes);
        var characters = Characters(changes);
        return values > MostValues || characters > MostCharacters
            ? $"one batch would hold {values} values and {characters} characters, and Route 53 takes {MostValues} and {MostCharacters}: use fewer or shorter values"
            : null;
    }

    /// <summary>The values that the service counts in a batch; an alias counts as one.</summary>
    public static int Values(IEnumerable<RecordChange> changes) => changes.Sum(c => c.Set.Values?.Count ?? 1);

    /// <summary>The characters that the service counts in a batch.</summary>
    public static int Characters(IEnumerable<RecordChange> changes) => changes.Sum(c => (c.Set.Values ?? []).Sum(v => v.Length));

    private static (string, string, string?) KeyOf(RecordSet set) => (set.Name, set.Type, set.SetIdentifier);
}
