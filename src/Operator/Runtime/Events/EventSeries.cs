namespace Modestano.Operator.Runtime.Events;

/// <summary>Decides what becomes of a recorded Event: a new one, one more of a series, or nothing where an object has used up its budget.</summary>
internal sealed class EventSeries(TimeProvider time)
{
    /// <summary>API servers keep Events for an hour: a series is not continued beyond that.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(50);
    private const int Burst = 50;
    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(10);
    private const int MostRemembered = 4096;

    private readonly Dictionary<Identity, Known> _known = [];
    private readonly Dictionary<string, TokenBucket> _budgets = [];
    private long _serial;

    private readonly record struct Identity(string Uid, string Type, string Reason, string Note);

    private readonly record struct Known(string Name, int Count, long Since);

    /// <summary>The decision; null: dropped.</summary>
    public EventWrite? Decide(PendingEvent pending)
    {
        var now = time.GetTimestamp();
        var subject = pending.About.Uid.Length > 0 ? pending.About.Uid : $"{pending.About.Kind}/{pending.About.Namespace}/{pending.About.Name}";
        if (!_budgets.TryGetValue(subject, out var budget))
        {
            _budgets[subject] = budget = new TokenBucket(Burst, Refill, time);
        }

        if (!budget.TryTake(1))
        {
            return null;
        }

        if (_known.Count >= MostRemembered || _budgets.Count >= MostRemembered)
        {
            Prune();
        }

        var identity = new Identity(subject, pending.Type, pending.Reason, pending.Note);
        if (_known.TryGetValue(identity, out var known) && time.GetElapsedTime(known.Since, now) < Lifetime)
        {
            _known[identity] = known with { Count = known.Count + 1 };
            return new EventWrite(pending, known.Name, known.Count + 1);
        }

        var name = NameFor(pending);
        _known[identity] = new Known(name, 1, now);
        return new EventWrite(pending, name, 1);
    }

    /// <summary>The server does not have the series any more: the next one is new.</summary>
    public void Forget(string name)
    {
        foreach (var (identity, known) in _known)
        {
            if (known.Name == name)
            {
                _known.Remove(identity);
                return;
            }
        }
    }

    private string NameFor(PendingEvent pending)
    {
        var unique = (pending.Time.Ticks + _serial++).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        var name = pending.About.Name.Length > 200 ? pending.About.Name[..200].TrimEnd('.', '-') : pending.About.Name;
        return $"{name}.{unique}";
    }

    private void Prune()
    {
        foreach (var (subject, _) in _budgets.Where(b => b.Value.IsFull).ToArray())
        {
            _budgets.Remove(subject);
        }

        foreach (var (identity, _) in _known.OrderBy(k => k.Value.Since).Take(_known.Count / 2).ToArray())
        {
            _known.Remove(identity);
        }
    }
}

/// <summary>What to write.</summary>
/// <param name="Event">The Event.</param>
/// <param name="Name">Its name in the API.</param>
/// <param name="Count">1: create it; more: count it in its series.</param>
internal sealed record EventWrite(PendingEvent Event, string Name, int Count);
