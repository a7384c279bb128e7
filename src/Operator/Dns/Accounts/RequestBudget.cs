using Modestano.Operator.Dns.Route53;

namespace Modestano.Operator.Dns.Accounts;

/// <summary>
/// One account's share of Route 53's request rate (five a second for all callers together). Requests are spaced evenly, so that no window
/// of a second holds more than the rate; retries inside the SDK count too. Each operation and its outcome become a metric.
/// </summary>
internal sealed class RequestBudget(double requestsPerSecond, TimeProvider time, RequestMetrics metrics) : IRoute53Traffic
{
    private readonly Lock _gate = new();
    private readonly TimeSpan _space = TimeSpan.FromSeconds(1 / requestsPerSecond);
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Waits for this attempt's turn; turns are given in the order of asking.</summary>
    public async ValueTask BeforeAttemptAsync(string operation, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var turn = _next > now ? _next : now;
            _next = turn + _space;
            wait = turn - now;
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    public void AfterAttempt(string operation, string code) => metrics.Requested(operation, code);
}
