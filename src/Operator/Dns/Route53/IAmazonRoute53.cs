using Modestano.Operator.Dns.Route53.Model;

namespace Modestano.Operator.Dns.Route53;

/// <summary>
/// The calls to Amazon Route 53 (API 2013-04-01) that this operator makes, with the names of AWS's own SDK.
/// Each throws <see cref="AmazonRoute53Exception"/> where the service refuses; <see cref="Route53Failure.Of"/> names the cause of whatever is thrown.
/// </summary>
public interface IAmazonRoute53 : IDisposable
{
    /// <summary>Applies a batch, wholly or not at all.</summary>
    Task<ChangeResourceRecordSetsResponse> ChangeResourceRecordSetsAsync(ChangeResourceRecordSetsRequest request, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of record sets; <see cref="Route53Paging"/> reads them all.</summary>
    Task<ListResourceRecordSetsResponse> ListResourceRecordSetsAsync(ListResourceRecordSetsRequest request, CancellationToken cancellationToken = default);

    /// <summary>Asks how far a change has got.</summary>
    Task<GetChangeResponse> GetChangeAsync(GetChangeRequest request, CancellationToken cancellationToken = default);

    /// <summary>Reads one zone.</summary>
    Task<GetHostedZoneResponse> GetHostedZoneAsync(GetHostedZoneRequest request, CancellationToken cancellationToken = default);

    /// <summary>Lists zones at or after a name.</summary>
    Task<ListHostedZonesByNameResponse> ListHostedZonesByNameAsync(ListHostedZonesByNameRequest request, CancellationToken cancellationToken = default);

    /// <summary>Reads what the checkers of a health check saw.</summary>
    Task<GetHealthCheckStatusResponse> GetHealthCheckStatusAsync(GetHealthCheckStatusRequest request, CancellationToken cancellationToken = default);
}
