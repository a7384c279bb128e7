namespace Modestano.Operator.Runtime;

/// <summary>Delays that double with each failure up to a limit, each lengthened by up to half at random, so that retries do not come in step.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan limit, int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>The delay after so many failures in a row; after none, no delay.</summary>
    public TimeSpan After(int failures)
    {
        if (failures <= 0)
        {
            return TimeSpan.Zero;
        }

        double jitter;
        lock (_random)
        {
            jitter = _random.NextDouble();
        }

        var doubled = first * Math.Pow(2, Math.Min(failures - 1, 30));
        return (doubled < limit ? doubled : limit) * (1 + (jitter / 2));
    }
}
