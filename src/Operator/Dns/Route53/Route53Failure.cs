using Amazon.Runtime;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Route53;

/// <summary>Why a call to Route 53 failed.</summary>
public enum Route53FailureKind
{
    /// <summary>Over the account's rate: back off.</summary>
    Throttled,

    /// <summary>The zone is busy with a former change: back off.</summary>
    PriorRequestNotComplete,

    /// <summary>A batch broke a rule of the zone and was not applied.</summary>
    InvalidBatch,

    /// <summary>No such zone.</summary>
    NoSuchZone,

    /// <summary>No such health check.</summary>
    NoSuchHealthCheck,

    /// <summary>The service forgot the change.</summary>
    NoSuchChange,

    /// <summary>The credentials are missing, expired, or may not do this.</summary>
    AccessDenied,

    /// <summary>An answer came and means nothing that this client knows.</summary>
    Unreadable,

    /// <summary>Any other refusal (HTTP 4xx).</summary>
    Refused,

    /// <summary>No answer, or a 5xx: whether the request took effect is not known.</summary>
    Unreachable,
}

/// <summary>The cause of a failed call in the operator's words.</summary>
/// <param name="Kind">The cause.</param>
/// <param name="Message">What came back; holds no credential.</param>
public sealed record Route53Failure(Route53FailureKind Kind, string Message)
{
    /// <summary>Whether a change that failed in this way may have been applied all the same.</summary>
    public bool MayHaveBeenApplied => Kind == Route53FailureKind.Unreachable;

    /// <summary>Whether something in the batch was refused, so that the rest of it may be right.</summary>
    public bool IsOfTheBatch => Kind is Route53FailureKind.InvalidBatch or Route53FailureKind.NoSuchHealthCheck or Route53FailureKind.Refused;

    /// <summary>Whether the same call can succeed later without anybody's help.</summary>
    public bool IsTransient => Kind is Route53FailureKind.Throttled or Route53FailureKind.PriorRequestNotComplete or Route53FailureKind.Unreachable or Route53FailureKind.Unreadable;

    /// <summary>Names the cause of an exception from <see cref="IAmazonRoute53"/>; null where it is none of its own.</summary>
    public static Route53Failure? Of(Exception exception) => exception switch
    {
        ChangeOutcomeUnknownException e => new(Route53FailureKind.Unreachable, e.Message),
        AmazonUnmarshallingException e => new(Route53FailureKind.Unreadable, e.LastKnownLocation is { Length: > 0 } place ? $"{place}: {Short(e.InnerException?.Message ?? e.Message)}" : e.Message),
        UnreadableAnswerException e => new(Route53FailureKind.Unreadable, e.Message),
        ThrottlingException e => new(Route53FailureKind.Throttled, Words(e)),
        PriorRequestNotCompleteException e => new(Route53FailureKind.PriorRequestNotComplete, Words(e)),
        InvalidChangeBatchException e => new(Route53FailureKind.InvalidBatch, Words(e)),
        NoSuchHostedZoneException e => new(Route53FailureKind.NoSuchZone, Words(e)),
        NoSuchHealthCheckException e => new(Route53FailureKind.NoSuchHealthCheck, Words(e)),
        NoSuchChangeException e => new(Route53FailureKind.NoSuchChange, Words(e)),
        AmazonServiceException e when (int)e.StatusCode is 401 or 403 => new(Route53FailureKind.AccessDenied, Words(e)),
        AmazonServiceException e when (int)e.StatusCode is >= 400 and < 500 => new(Route53FailureKind.Refused, Words(e)),
        AmazonServiceException e => new(Route53FailureKind.Unreachable, Words(e)),
        AmazonClientException e when e.InnerException is HttpRequestException or IOException => new(Route53FailureKind.Unreachable, e.InnerException.Message),
        // A role that could not be assumed: the cause is STS's answer, inside.
        AmazonClientException { InnerException: AmazonServiceException sts } e => Of(sts)! with { Message = $"{e.Message}: {Words(sts)}" },
        AmazonClientException e => new(Route53FailureKind.AccessDenied, $"no usable AWS credentials: {e.Message}"),
        HttpRequestException or IOException or TimeoutException => new(Route53FailureKind.Unreachable, exception.Message),
        OperationCanceledException => new(Route53FailureKind.Unreachable, "no answer within the time allowed"),
        _ => null,
    };

    // What cannot be read says little, however long it is.
    private static string Short(string text) => OneLine.Of(text, 300);

    private static string Words(AmazonServiceException e) => $"{e.ErrorCode}: {e.Message}";
}
