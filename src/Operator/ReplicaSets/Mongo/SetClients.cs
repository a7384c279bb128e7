namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>The open clients of one set, each for a host and a login.</summary>
/// <param name="time">The clock.</param>
/// <param name="close">Closes one, beside the pass.</param>
internal sealed class SetClients(TimeProvider time, Action<MemberClient> close)
{
    /// <summary>
    /// From so many on, one that the observation under way has not used goes for each that is made: a member that names other hosts each time it
    /// is asked would have no end of them. The set's own and those that its members name are fewer.
    /// </summary>
    public const int Most = 3 * ReportedConfig.MaxMembers;

    private static readonly TimeSpan LoginPause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Host, string Fingerprint), MemberClient> _open = [];
    private long? _begun;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>An observation begins.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _begun = time.GetTimestamp();
        }
    }

    /// <summary>The client that is there; null: none.</summary>
    public MemberClient? Find((string Host, string Fingerprint) key)
    {
        lock (_lock)
        {
            return _open.GetValueOrDefault(key);
        }
    }

    /// <summary>The client that is there, if it is of use; one whose login was refused a while ago is closed.</summary>
    public MemberClient? Use((string Host, string Fingerprint) key)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(key, out var client))
            {
                return null;
            }

            if (client.Refusal is null)
            {
                client.LastUse = time.GetTimestamp();
                return client;
            }

            if (time.GetElapsedTime(client.LastUse) < LoginPause)
            {
                return client;
            }

            _open.Remove(key);
            close(client);
            return null;
        }
    }

    /// <summary>Keeps a client that was just made.</summary>
    public void Add((string Host, string Fingerprint) key, MemberClient client)
    {
        lock (_lock)
        {
            client.LastUse = time.GetTimestamp();
            if (_open.Count >= Most && _open.MinBy(c => c.Value.LastUse) is var (unused, idle) && idle.LastUse < _begun)
            {
                _open.Remove(unused);
                close(idle);
            }

            _open[key] = client;
        }
    }

    /// <summary>Closes all but those of a host; null: all.</summary>
    public void CloseOthers(string? host)
    {
        lock (_lock)
        {
            foreach (var (key, idle) in _open.Where(c => c.Key.Host != host).ToList())
            {
                _open.Remove(key);
                close(idle);
            }
        }
    }
}
