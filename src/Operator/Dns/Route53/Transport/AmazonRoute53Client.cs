using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Modestano.Operator.Dns.Route53.Model;

namespace Modestano.Operator.Dns.Route53.Transport;

/// <summary>
/// Amazon Route 53 over AWSSDK.Core's signing, credentials, endpoints and retries. AWS's own package AWSSDK.Route53 has the same
/// names; changing to it changes this folder only.
/// </summary>
public sealed class AmazonRoute53Client : AmazonServiceClient, IAmazonRoute53
{
    private static readonly Route53Marshaller Requests = new();

    /// <summary>A client on the SDK's default credential chain (environment, profile, web identity, container, instance).</summary>
    public AmazonRoute53Client(AmazonRoute53Config config)
        : base(config)
    {
    }

    /// <summary>A client on given credentials.</summary>
    public AmazonRoute53Client(AWSCredentials credentials, AmazonRoute53Config config)
        : base(credentials, config)
    {
    }

    /// <inheritdoc/>
    public Task<ChangeResourceRecordSetsResponse> ChangeResourceRecordSetsAsync(ChangeResourceRecordSetsRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(request, Route53Reader.ChangeResourceRecordSets, cancellationToken);

    /// <inheritdoc/>
    public Task<ListResourceRecordSetsResponse> ListResourceRecordSetsAsync(ListResourceRecordSetsRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(request, Route53Reader.ListResourceRecordSets, cancellationToken);

    /// <inheritdoc/>
    public Task<GetChangeResponse> GetChangeAsync(GetChangeRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(request, Route53Reader.GetChange, cancellationToken);

    /// <inheritdoc/>
    public Task<GetHostedZoneResponse> GetHostedZoneAsync(GetHostedZoneRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(request, Route53Reader.GetHostedZone, cancellationToken);

    /// <inheritdoc/>
    public Task<ListHostedZonesByNameResponse> ListHostedZonesByNameAsync(ListHostedZonesByNameRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(request, Route53Reader.ListHostedZonesByName, cancellationToken);

    /// <inheritdoc/>
    public Task<GetHealthCheckStatusResponse> GetHealthCheckStatusAsync(GetHealthCheckStatusRequest request, CancellationToken cancellationToken = default) =>
        SendAsync(request, Route53Reader.GetHealthCheckStatus, cancellationToken);

    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new Route53EndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new Route53AuthResolver());
        pipeline.AddHandlerAfter<RetryHandler>(new Route53ChangeOnceHandler());
        if (((AmazonRoute53Config)Config).Traffic is { } traffic)
        {
            pipeline.AddHandlerAfter<RetryHandler>(new Route53TrafficHandler(traffic));
        }
    }

    private async Task<TResponse> SendAsync<TResponse>(AmazonRoute53Request request, Func<XElement, TResponse> read, CancellationToken cancellationToken)
        where TResponse : AmazonWebServiceResponse
    {
        var options = new InvokeOptions { RequestMarshaller = Requests, ResponseUnmarshaller = new Route53Unmarshaller<TResponse>(read) };
        var answer = await InvokeAsync<Route53Answer<TResponse>>(request, options, cancellationToken);
        answer.Value!.ResponseMetadata = answer.ResponseMetadata;
        answer.Value.HttpStatusCode = answer.HttpStatusCode;
        return answer.Value;
    }
}
