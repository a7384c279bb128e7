namespace Modestano.Operator.Runtime;

/// <summary>So many at once, so many over time. Not safe for threads: its owner locks.</summary>
/// <param name="burst">What it holds, and holds at first.</param>
/// <param name="refill">In this time one comes back.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(double burst, TimeSpan refill, TimeProvider time)
{
    private readonly double _burst = burst;
    private double _tokens = burst;
    private long _at = time.GetTimestamp();

    /// <summary>Whether nothing was taken for so long that the bucket is full again.</summary>
    public bool IsFull => Has(_burst);

    /// <summary>Whether it holds so many.</summary>
    public bool Has(double tokens)
    {
        var timestamp = time.GetTimestamp();
        _tokens = Math.Min(_burst, _tokens + (time.GetElapsedTime(_at, timestamp) / refill));
        _at = timestamp;
        return _tokens >= tokens;
    }

    /// <summary>Takes so many, or none.</summary>
    public bool TryTake(double tokens)
    {
        if (!Has(tokens))
        {
            return false;
        }

        _tokens -= tokens;
        return true;
    }
}
