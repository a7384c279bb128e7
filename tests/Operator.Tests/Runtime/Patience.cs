namespace Modestano.Operator.Tests.Runtime;

/// <summary>What has not come within a minute of real time does not come: a run that hangs tells nothing.</summary>
internal static class Patience
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(1);

    /// <summary>What comes.</summary>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public static Task<T> Of<T>(ValueTask<T> coming) => Of(coming.AsTask());

    /// <summary>What comes.</summary>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public static Task<T> Of<T>(Task<T> coming) => coming.WaitAsync(Most);
}
