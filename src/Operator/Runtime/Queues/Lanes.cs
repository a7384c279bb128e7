namespace Modestano.Operator.Runtime.Queues;

/// <summary>
/// Keys in the order in which they have their turn: those that somebody asked for, by an edit or an event, before mere looks. Not safe for
/// threads: its queue locks.
/// </summary>
/// <param name="isWaitingLook">Whether a key still waits for a look: one that was asked for meanwhile is in both lanes, and void in the lane of looks.</param>
internal sealed class Lanes(Func<ObjectKey, bool> isWaitingLook)
{
    /// <summary>After so many others one look has its turn all the same.</summary>
    private const int MostBeforeALook = 8;

    private readonly Queue<ObjectKey> _asked = new();
    private readonly Queue<ObjectKey> _looks = new();
    private int _beforeALook;

    /// <summary>Adds a key at the end of its lane.</summary>
    public void Add(ObjectKey key, bool isLook) => (isLook ? _looks : _asked).Enqueue(key);

    /// <summary>Whose turn it is; null: nobody's.</summary>
    public ObjectKey? Next()
    {
        while (_looks.TryPeek(out var first) && !isWaitingLook(first))
        {
            _looks.Dequeue();
        }

        if (_asked.Count > 0 && (_looks.Count == 0 || _beforeALook < MostBeforeALook))
        {
            _beforeALook = _looks.Count == 0 ? 0 : _beforeALook + 1;
            return _asked.Dequeue();
        }

        _beforeALook = 0;
        return _looks.TryDequeue(out var look) ? look : null;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _asked.Clear();
        _looks.Clear();
    }
}
