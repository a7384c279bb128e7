using System.Net;
using Amazon.Runtime;

namespace Modestano.Operator.Dns.Route53;

/// <summary>Route 53 refused a request. <see cref="AmazonServiceException.ErrorCode"/> is the service's own code.</summary>
public class AmazonRoute53Exception(string message, Exception? inner, ErrorType type, string code, string? requestId, HttpStatusCode status)
    : AmazonServiceException(message, inner, type, code, requestId, status);

/// <summary>A batch broke a rule of the zone: nothing of it was applied. The message holds every broken rule; it is one text that must not be split.</summary>
public sealed class InvalidChangeBatchException(string message, Exception? inner, ErrorType type, string code, string? requestId, HttpStatusCode status)
    : AmazonRoute53Exception(message, inner, type, code, requestId, status);

/// <summary>There is no zone with this id (any more).</summary>
public sealed class NoSuchHostedZoneException(string message, Exception? inner, ErrorType type, string code, string? requestId, HttpStatusCode status)
    : AmazonRoute53Exception(message, inner, type, code, requestId, status);

/// <summary>There is no health check with this id.</summary>
public sealed class NoSuchHealthCheckException(string message, Exception? inner, ErrorType type, string code, string? requestId, HttpStatusCode status)
    : AmazonRoute53Exception(message, inner, type, code, requestId, status);

/// <summary>The service no longer knows this change.</summary>
public sealed class NoSuchChangeException(string message, Exception? inner, ErrorType type, string code, string? requestId, HttpStatusCode status)
    : AmazonRoute53Exception(message, inner, type, code, requestId, status);

/// <summary>Another change of this zone is still being processed: try again later.</summary>
public sealed class PriorRequestNotCompleteException(string message, Exception? inner, ErrorType type, string code, string? requestId, HttpStatusCode status)
    : AmazonRoute53Exception(message, inner, type, code, requestId, status);

/// <summary>The account's request rate was exceeded: try again later.</summary>
public sealed class ThrottlingException(string message, Exception? inner, ErrorType type, string code, string? requestId, HttpStatusCode status)
    : AmazonRoute53Exception(message, inner, type, code, requestId, status);

/// <summary>An answer came, and what it says cannot be.</summary>
public sealed class UnreadableAnswerException(string message)
    : AmazonRoute53Exception(message, null, ErrorType.Receiver, "UnreadableAnswer", null, HttpStatusCode.OK);

/// <summary>A field of the request is not valid.</summary>
public sealed class InvalidInputException(string message, Exception? inner, ErrorType type, string code, string? requestId, HttpStatusCode status)
    : AmazonRoute53Exception(message, inner, type, code, requestId, status);
