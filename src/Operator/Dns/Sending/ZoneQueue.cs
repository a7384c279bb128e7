using Modestano.Operator.Dns.Planning.Rules;

namespace Modestano.Operator.Dns.Sending;

/// <summary>What waits for one zone, in the order of asking.</summary>
internal sealed class ZoneQueue
{
    private readonly Lock _gate = new();
    private readonly LinkedList<BatchPart> _waiting = new();
    private bool _sending;
    private (int Values, int Characters) _size;

    /// <summary>How many have asked so far.</summary>
    public int Asked { get; private set; }

    /// <summary>Whether what waits fills a batch.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                return _size.Values >= CompareAndSwap.MostValues || _size.Characters >= CompareAndSwap.MostCharacters;
            }
        }
    }

    /// <summary>Adds a part.</summary>
    /// <returns>Whether the caller has to start sending, because nobody does.</returns>
    public bool Add(BatchPart part)
    {
        lock (_gate)
        {
            _waiting.AddLast(part);
            Asked++;
            Count(part, 1);
            var first = !_sending;
            _sending = true;
            return first;
        }
    }

    /// <summary>Takes as much as the service takes in one batch; nobody's credentials carry what others want, so one account a batch.</summary>
    /// <returns>The parts; none: nothing waits, and the caller has to stop.</returns>
    public List<BatchPart> Take()
    {
        lock (_gate)
        {
            var parts = new List<BatchPart>();
            var (values, characters) = (0, 0);
            for (var node = _waiting.First; node is not null;)
            {
                var (part, next) = (node.Value, node.Next);
                values += CompareAndSwap.Values(part.Changes);
                characters += CompareAndSwap.Characters(part.Changes);
                if (parts.Count > 0 && (values > CompareAndSwap.MostValues || characters > CompareAndSwap.MostCharacters))
                {
                    break;
                }

                if (parts.Count == 0 || ReferenceEquals(parts[0].Account.Client, part.Account.Client))
                {
                    _waiting.Remove(node);
                    Count(part, -1);
                    parts.Add(part);
                    part.Take();
                }
                else
                {
                    values -= CompareAndSwap.Values(part.Changes);
                    characters -= CompareAndSwap.Characters(part.Changes);
                }

                node = next;
            }

            _sending = parts.Count > 0;
            return parts;
        }
    }

    /// <summary>Forgets what waits.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _waiting.Clear();
            _size = default;
        }
    }

    private void Count(BatchPart part, int sign) =>
        _size = (_size.Values + (sign * CompareAndSwap.Values(part.Changes)), _size.Characters + (sign * CompareAndSwap.Characters(part.Changes)));
}
