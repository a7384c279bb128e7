using System.Collections.Concurrent;

namespace Modestano.Testbed.Backends;

/// <summary>
/// Faults of the paths between members that are processes, one direction each. A cut holds what is under way, as TCP does that sends again; after
/// the mend it arrives. Who connects over a cut path gets a connection and no answer, where a real network would not answer the connecting either.
/// </summary>
public sealed class MemberLinks
{
    /// <summary>Stands for everybody who is no member: drivers, the operator.</summary>
    public const string Clients = "clients";

    private readonly ConcurrentDictionary<(string From, string To), MemberLink> _links = new();

    /// <summary>Stops everything that one sends to the other.</summary>
    public void Cut(string from, string to) => Link(from, to).Cut();

    /// <summary>Lets pass again what one sends to the other.</summary>
    public void Mend(string from, string to) => Link(from, to).Mend();

    /// <summary>Cuts every path, both ways, between two groups.</summary>
    public void Partition(IReadOnlyCollection<string> some, IReadOnlyCollection<string> others)
    {
        ArgumentNullException.ThrowIfNull(some);
        foreach (var (one, other) in some.SelectMany(one => others, (one, other) => (one, other)))
        {
            Cut(one, other);
            Cut(other, one);
        }
    }

    /// <summary>Mends every cut.</summary>
    public void Heal()
    {
        foreach (var link in _links.Values)
        {
            link.Mend();
        }
    }

    /// <summary>How long what one sends to the other is under way; none unless set.</summary>
    public void SetLatency(string from, string to, TimeSpan latency) => Link(from, to).Latency = latency;

    internal MemberLink Link(string from, string to) => _links.GetOrAdd((from, to), _ => new MemberLink());
}

/// <summary>One direction of a path.</summary>
internal sealed class MemberLink
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _cut;
    private long _latency;

    public TimeSpan Latency
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _latency));
        set => Volatile.Write(ref _latency, value.Ticks);
    }

    public void Cut()
    {
        lock (_gate)
        {
            _cut ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Mend()
    {
        lock (_gate)
        {
            _cut?.SetResult();
            _cut = null;
        }
    }

    /// <summary>Waits while it is cut.</summary>
    public Task PassAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _cut is null ? Task.CompletedTask : _cut.Task.WaitAsync(cancellationToken);
        }
    }
}
