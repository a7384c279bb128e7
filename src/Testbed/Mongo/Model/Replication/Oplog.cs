using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>One entry of <c>local.oplog.rs</c>.</summary>
/// <param name="Time">Its position.</param>
/// <param name="Wall">Wall-clock time of the primary that wrote it.</param>
/// <param name="Document">The whole entry as the oplog shows it.</param>
/// <param name="Size">Size in bytes.</param>
internal sealed record OplogEntry(OpTime Time, DateTime Wall, BsonDocument Document, long Size);

/// <summary>A capped, ordered list of operations: the oldest go when it grows beyond its size.</summary>
internal sealed class Oplog(long capacityBytes)
{
    private readonly List<OplogEntry> entries = [];
    private int head;

    /// <summary>Largest size in bytes; <c>replSetResizeOplog</c> changes it.</summary>
    public long CapacityBytes { get; set; } = capacityBytes;

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
        while (SizeBytes > CapacityBytes && Count > 1)
        {
            SizeBytes -= entries[head++].Size;
        }

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

    /// <summary>Up to <paramref name="limit"/> entries after a position, oldest first.</summary>
    public IReadOnlyList<OplogEntry> After(OpTime time, int limit)
    {
        var from = IndexAfter(time);
        return from >= entries.Count ? [] : entries.GetRange(from, Math.Min(limit, entries.Count - from));
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
