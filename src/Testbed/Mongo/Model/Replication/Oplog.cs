namespace Modestano.Testbed.Mongo.Model;

/// <summary>A capped, ordered list of operations: the oldest go when it grows beyond its size.</summary>
internal sealed class Oplog(long capacityBytes)
{
    private readonly List<OplogEntry> entries = [];
    private int head;

    /// <summary>Largest size in bytes; <c>replSetResizeOplog</c> changes it.</summary>
    public long CapacityBytes { get; set; } = capacityBytes;

    /// <summary>Entries younger than this are kept beyond <see cref="CapacityBytes"/> (<c>oplogMinRetentionHours</c>); zero: none are.</summary>
    public TimeSpan MinRetention { get; set; }

    /// <summary>How often it dropped entries.</summary>
    public int Truncations { get; private set; }

    public long SizeBytes { get; private set; }

    public int Count => entries.Count - head;

    public OpTime First => Count == 0 ? OpTime.None : entries[head].Time;

    public OpTime Last => Count == 0 ? OpTime.None : entries[^1].Time;

    public OplogEntry? LastEntry => Count == 0 ? null : entries[^1];

    public OplogEntry? FirstEntry => Count == 0 ? null : entries[head];

    public void Append(OplogEntry entry)
    {
        if (Count > 0 && entry.Time <= Last)
        {
            throw new InvalidOperationException($"Oplog entries must rise: {entry.Time} after {Last}.");
        }

        entries.Add(entry);
        SizeBytes += entry.Size;
        var full = head;
        while (SizeBytes > CapacityBytes && Count > 1 && (MinRetention == TimeSpan.Zero || entry.Wall - entries[head].Wall > MinRetention))
        {
            SizeBytes -= entries[head++].Size;
        }

        Truncations += head > full ? 1 : 0;

        if (head > 1024 && head > entries.Count / 2)
        {
            entries.RemoveRange(0, head);
            head = 0;
        }
    }

    /// <summary>Whether an entry with exactly this position is there.</summary>
    public bool Contains(OpTime time)
    {
        var index = IndexAfter(time) - 1;
        return index >= head && entries[index].Time == time;
    }

    /// <summary>About <paramref name="limit"/> entries after a position, oldest first; a command's entries stay together.</summary>
    public IReadOnlyList<OplogEntry> After(OpTime time, int limit)
    {
        var from = IndexAfter(time);
        if (from >= entries.Count)
        {
            return [];
        }

        var to = from + Math.Min(limit, entries.Count - from);
        while (to < entries.Count && entries[to - 1].IsContinued)
        {
            to++;
        }

        return entries.GetRange(from, to - from);
    }

    /// <summary>Newest first.</summary>
    public IEnumerable<OplogEntry> Backwards()
    {
        for (var index = entries.Count - 1; index >= head; index--)
        {
            yield return entries[index];
        }
    }

    /// <summary>Oldest first.</summary>
    public IEnumerable<OplogEntry> Forwards()
    {
        for (var index = head; index < entries.Count; index++)
        {
            yield return entries[index];
        }
    }

    /// <summary>Drops everything after a position.</summary>
    public void TruncateAfter(OpTime time)
    {
        var from = Math.Max(head, IndexAfter(time));
        for (var index = from; index < entries.Count; index++)
        {
            SizeBytes -= entries[index].Size;
        }

        entries.RemoveRange(from, entries.Count - from);
    }

    public void Clear()
    {
        entries.Clear();
        head = 0;
        SizeBytes = 0;
    }

    /// <summary>Index of the first entry after a position.</summary>
    private int IndexAfter(OpTime time)
    {
        var low = head;
        var high = entries.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (entries[middle].Time <= time)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
