namespace Modestano.Operator.Runtime.Events;

/// <summary>So many at once, so many over time.</summary>
internal sealed class TokenBucket(int burst, TimeSpan refill, long now, TimeProvider time)
{
    private double _tokens = burst;
    private long _at = now;

    /// <summary>Whether nothing was taken for so long that the bucket is full again.</summary>
    public bool IsFull => _tokens + (time.GetElapsedTime(_at) / refill) >= burst;

    /// <summary>Takes a token where there is one.</summary>
    public bool TryTake()
    {
        var timestamp = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_at, timestamp) / refill));
        _at = timestamp;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }
}
