namespace Modestano.Operator.Dns.Route53.Model;

/// <summary>Reads what the checkers of a health check saw.</summary>
public sealed class GetHealthCheckStatusRequest : AmazonRoute53Request
{
    public required string HealthCheckId { get; set; }
}

/// <summary>One observation a checker.</summary>
public sealed class GetHealthCheckStatusResponse : Amazon.Runtime.AmazonWebServiceResponse
{
    public required List<HealthCheckObservation> HealthCheckObservations { get; set; }
}

/// <summary>What one checker saw.</summary>
public sealed class HealthCheckObservation
{
    /// <summary>The region that it checks from.</summary>
    public string? Region { get; set; }

    public string? IPAddress { get; set; }

    public StatusReport? StatusReport { get; set; }
}

/// <summary>The latest result of a checker.</summary>
public sealed class StatusReport
{
    /// <summary>Begins with <c>Success</c> or <c>Failure</c>.</summary>
    public required string Status { get; set; }

    /// <summary>In UTC.</summary>
    public DateTime CheckedTime { get; set; }
}
