using Polly;
using Polly.Retry;

namespace Modestano.Operator.Outgoing;

/// <summary>
/// A kind of call that may be repeated because it changes nothing, or nothing twice. What changes MongoDB or Route 53 is none of them: whether such
/// a call took effect is read from the other side first (M4, R7, D4).
/// </summary>
/// <param name="Name">The pipeline's name, also the label <c>call</c> of its metrics.</param>
/// <param name="Retries">How often it is repeated at most.</param>
/// <param name="AnswersCount">True: an answer that says "later" (408, 429, 5xx) is repeated too; false: every answer is the result.</param>
internal sealed record OutgoingCall(string Name, int Retries, bool AnswersCount)
{
    /// <summary>Gates' queries. The round that they are in ends after five seconds, and their retries with it.</summary>
    public static readonly OutgoingCall Prometheus = new("prometheus", 2, AnswersCount: true);

    /// <summary>Gates' probes. What the endpoint answers is what the gate asks for: only a call without an answer is repeated.</summary>
    public static readonly OutgoingCall Probes = new("probes", 1, AnswersCount: false);

    /// <summary>Reads of Secrets: KubernetesClient repeats nothing itself.</summary>
    public static readonly OutgoingCall Secrets = new("secrets", 2, AnswersCount: true);

    /// <summary>Writes of status. Each names the version that it is based on, so that one which took effect unseen is refused, not done twice.</summary>
    public static readonly OutgoingCall StatusWrites = new("status-writes", 2, AnswersCount: true);

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<OutgoingCall> All = [Prometheus, Probes, Secrets, StatusWrites];

    /// <summary>The first wait; it doubles, with jitter, so that a thousand objects do not come back in step.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);

    /// <summary>No wait is longer, whatever Retry-After says: the pass comes again by itself.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>Its retry strategy.</summary>
    public RetryStrategyOptions<HttpResponseMessage> Retry(OutgoingMetrics metrics) => new()
    {
        Name = Name,
        MaxRetryAttempts = Retries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = FirstWait,
        MaxDelay = LongestWait,
        ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome switch
        {
            { Exception: HttpRequestException e } => MayPass(e),
            { Result: { } answer } => IsLater(answer),
            _ => false,
        }),
        // Null: the wait that backoff and jitter give.
        DelayGenerator = arguments => ValueTask.FromResult(
            arguments.Outcome.Result?.Headers.RetryAfter?.Delta is { } asked ? (asked < LongestWait ? asked : LongestWait) : (TimeSpan?)null),
        OnRetry = arguments =>
        {
            metrics.Repeated(Name, arguments.Outcome.Result);
            arguments.Outcome.Result?.Dispose();
            return default;
        },
    };

    /// <summary>Whether the other side may give a better answer in a moment.</summary>
    public bool IsLater(HttpResponseMessage answer) => AnswersCount && (int)answer.StatusCode is 408 or 429 or >= 500;

    // A certificate that is wrong now is wrong in a second.
    private static bool MayPass(HttpRequestException e) => e.HttpRequestError is not (HttpRequestError.SecureConnectionError or HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded);
}
