namespace Modestano.Operator.Runtime.Leadership;

/// <summary>A deadline on the monotonic clock, joined with the term and the caller.</summary>
internal sealed class EffectScope : IEffectScope
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _length;
    private readonly long _begun;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _joined;

    public EffectScope(TimeProvider time, TimeSpan length, CancellationToken term, CancellationToken caller)
    {
        _time = time;
        _length = length;
        _begun = time.GetTimestamp();
        _deadline = new CancellationTokenSource(length, time);
        _joined = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, term, caller);
    }

    public CancellationToken Token => _joined.Token;

    public TimeSpan Remaining
    {
        get
        {
            var left = _length - _time.GetElapsedTime(_begun);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public void Dispose()
    {
        _joined.Dispose();
        _deadline.Dispose();
    }
}
