namespace Modestano.Operator.ReplicaSets.Mongo.Wire;

/// <summary>
/// How much memory what members answer may take at the same time. A message may be large for a good reason, and one member may send many, and a
/// set have fifty: bounded one by one they would still end the process. Every set has a share that nobody else can take from it, and what is beyond
/// those no namespace has more than half of.
/// </summary>
/// <param name="sure">What a set may always hold, in bytes: a dozen members that are well need less.</param>
/// <param name="most">What a set may hold at most: fifty members that are well need less.</param>
/// <param name="together">What all sets may hold beyond their sure shares.</param>
internal sealed class ReplyBudget(long sure, long most, long together)
{
    /// <summary>What a field costs beside its bytes, once it has become an object.</summary>
    private const int BytesOfAField = 150;

    private readonly long _most = most;
    private readonly long _together = together;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _beyondOf = [];
    private readonly long _ofANamespace = together / 2;
    private long _beyond;

    /// <summary>
    /// The budget in force: of the 512 MiB that the chart gives a pod, the process itself needs about 170, and what hundreds of hostile members cost
    /// beside their answers, in threads, sockets and garbage, came to 150 more.
    /// </summary>
    public static ReplyBudget Default() => new(sure: 2 << 20, most: 34 << 20, together: 64 << 20);

    /// <summary>The share of a set.</summary>
    /// <param name="inNamespace">Its namespace.</param>
    public Share Open(string inNamespace) => new(this, inNamespace);

    private long Beyond(long held) => Math.Max(0, held - sure);

    private void Add(string inNamespace, long more)
    {
        _beyond += more;
        var left = _beyondOf.GetValueOrDefault(inNamespace) + more;
        if (left == 0)
        {
            _beyondOf.Remove(inNamespace);
        }
        else
        {
            _beyondOf[inNamespace] = left;
        }
    }

    /// <summary>What one set holds since its latest observation began.</summary>
    internal sealed class Share(ReplyBudget budget, string inNamespace)
    {
        private long _held;
        private bool _hasEnded;

        /// <summary>An observation begins: what was answered before it is no longer held.</summary>
        public void Begin()
        {
            lock (budget._lock)
            {
                budget.Add(inNamespace, -budget.Beyond(_held));
                _held = 0;
            }
        }

        /// <summary>The set is gone. A connection that is still being closed takes nothing any more: nobody would give it back.</summary>
        public void End()
        {
            lock (budget._lock)
            {
                Begin();
                _hasEnded = true;
            }
        }

        /// <summary>Takes what a message of so many bytes and fields needs.</summary>
        /// <exception cref="ReplyRefusedException">There is not so much left.</exception>
        public void Take(long bytes, long fields)
        {
            var cost = bytes + (fields * BytesOfAField);
            lock (budget._lock)
            {
                var more = budget.Beyond(_held + cost) - budget.Beyond(_held);
                if (_hasEnded || _held + cost > budget._most || (more > 0 && (budget._beyondOf.GetValueOrDefault(inNamespace) + more > budget._ofANamespace || budget._beyond + more > budget._together)))
                {
                    throw new ReplyRefusedException($"its members answer more than can be held at the same time ({budget._most >> 20} MiB for one set, {budget._ofANamespace >> 20} MiB for a namespace, {budget._together >> 20} MiB for all)");
                }

                _held += cost;
                budget.Add(inNamespace, more);
            }
        }
    }
}
