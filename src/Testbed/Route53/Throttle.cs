namespace Modestano.Testbed.Route53;

/// <summary>A token bucket an account: so many requests a second, so many at once.</summary>
internal sealed class Throttle(int? perSecond, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (double Tokens, DateTimeOffset At)> _accounts = [];

    /// <exception cref="Route53RefusalException">The bucket is empty.</exception>
    public void Take(string account)
    {
        if (perSecond is not { } rate)
        {
            return;
        }

        lock (_gate)
        {
            var now = time.GetUtcNow();
            var (tokens, at) = _accounts.GetValueOrDefault(account, (rate, now));
            tokens = Math.Min(rate, tokens + ((now - at).TotalSeconds * rate));
            var allowed = tokens >= 1;
            _accounts[account] = (allowed ? tokens - 1 : tokens, now);
            if (!allowed)
            {
                throw new Route53RefusalException(400, "Throttling", "Rate exceeded");
            }
        }
    }
}
