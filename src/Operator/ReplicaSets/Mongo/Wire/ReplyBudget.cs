namespace Modestano.Operator.ReplicaSets.Mongo.Wire;

/// <summary>
/// How much memory what members answer may take at the same time. A message may be large for a good reason, and one member may send many, and a
/// set have fifty: bounded one by one they would still end the process. Every set has a share that nobody else can take from it.
/// </summary>
/// <param name="sure">What a set may always hold, in bytes: fifty members that are well need less.</param>
/// <param name="most">What a set may hold at most.</param>
/// <param name="together">What all sets may hold beyond their sure shares.</param>
internal sealed class ReplyBudget(long sure, long most, long together)
{
    /// <summary>What a field costs beside its bytes, once it has become an object.</summary>
    private const int BytesOfAField = 150;

    private readonly long _sure = sure;
    private readonly long _most = most;
    private readonly long _together = together;
    private long _beyond;

    /// <summary>
    /// The budget in force: of the 512 MiB that the chart gives a pod, the process itself needs about 170, and what hundreds of hostile members cost
    /// beside their answers, in threads, sockets and garbage, came to 150 more.
    /// </summary>
    public static ReplyBudget Default() => new(sure: 2 << 20, most: 48 << 20, together: 64 << 20);

    /// <summary>A set's share.</summary>
    public Share Open() => new(this);

    /// <summary>What one set holds since its latest observation began.</summary>
    internal sealed class Share(ReplyBudget budget)
    {
        private readonly Lock _lock = new();
        private long _held;

        /// <summary>An observation begins: what was answered before it is no longer held.</summary>
        public void Begin()
        {
            lock (_lock)
            {
                Interlocked.Add(ref budget._beyond, -Beyond(_held));
                _held = 0;
            }
        }

        /// <summary>Takes what a message of so many bytes and fields needs.</summary>
        /// <exception cref="ReplyRefusedException">There is not so much left.</exception>
        public void Take(long bytes, long fields)
        {
            var cost = bytes + (fields * BytesOfAField);
            lock (_lock)
            {
                var more = Beyond(_held + cost) - Beyond(_held);
                if (_held + cost > budget._most || (more > 0 && Interlocked.Read(ref budget._beyond) + more > budget._together))
                {
                    throw new ReplyRefusedException($"its members answer more than can be held at the same time ({budget._most >> 20} MiB for one set, {budget._together >> 20} MiB for all)");
                }

                _held += cost;
                Interlocked.Add(ref budget._beyond, more);
            }
        }

        private long Beyond(long held) => Math.Max(0, held - budget._sure);
    }
}
