namespace Modestano.Operator.Runtime.Queues;

/// <summary>
/// How many keys of each namespace have a worker, or may have one as soon as it is free. What is beyond waits here, so that objects whose passes
/// take long, be they ever so many, leave workers to everybody else's. Not safe for threads: its queue locks.
/// </summary>
/// <param name="most">How many of one namespace.</param>
/// <param name="isWaitingLook">Whether a key still waits for a look.</param>
internal sealed class NamespaceTurns(int most, Func<ObjectKey, bool> isWaitingLook)
{
    private readonly Dictionary<string, Share> _shares = [];

    /// <summary>How many of so many workers one namespace may have: some stay for the others.</summary>
    public static int MostOf(int workers) => Math.Max(1, workers - (workers / 4));

    /// <summary>Takes a turn for a key of this namespace.</summary>
    /// <returns>False: there is none left.</returns>
    public bool TryTake(string @namespace)
    {
        var share = ShareOf(@namespace);
        if (share.Taken >= most)
        {
            return false;
        }

        share.Taken++;
        return true;
    }

    /// <summary>Has a key wait until a turn is given back.</summary>
    public void Wait(ObjectKey key, bool isLook) => (ShareOf(key.Namespace).Waiting ??= new Lanes(isWaitingLook)).Add(key, isLook);

    /// <summary>Gives a turn back.</summary>
    /// <returns>The key that has it now; null: none waited.</returns>
    public ObjectKey? GiveBack(string @namespace)
    {
        var share = ShareOf(@namespace);
        if (share.Waiting?.Next() is { } next)
        {
            return next;
        }

        share.Waiting = null;
        if (--share.Taken == 0)
        {
            _shares.Remove(@namespace);
        }

        return null;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => _shares.Clear();

    private Share ShareOf(string @namespace)
    {
        if (!_shares.TryGetValue(@namespace, out var share))
        {
            _shares[@namespace] = share = new Share();
        }

        return share;
    }

    private sealed class Share
    {
        public int Taken { get; set; }

        public Lanes? Waiting { get; set; }
    }
}
