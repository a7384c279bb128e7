using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Modestano.Operator.Dns.Route53.Model;
using Endpoint = Amazon.Runtime.Endpoints.Endpoint;

namespace Modestano.Operator.Dns.Route53.Transport;

/// <summary>One endpoint and one signing region a partition; an own URL keeps the partition's signing region.</summary>
internal sealed class Route53EndpointProvider : IEndpointProvider
{
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        var region = (string?)parameters["Region"] ?? "us-east-1";
        var (url, signingRegion) = region switch
        {
            _ when region.StartsWith("cn-", StringComparison.Ordinal) => ("https://route53.amazonaws.com.cn", "cn-northwest-1"),
            _ when region.StartsWith("us-gov-", StringComparison.Ordinal) => ("https://route53.us-gov.amazonaws.com", "us-gov-west-1"),
            _ when parameters["UseFIPS"] is true => ("https://route53-fips.amazonaws.com", "us-east-1"),
            _ when parameters["UseDualStack"] is true => ("https://route53.global.api.aws", "us-east-1"),
            _ => ("https://route53.amazonaws.com", "us-east-1"),
        };
        var schemes = $$"""{"authSchemes":[{"name":"sigv4","signingName":"route53","signingRegion":"{{signingRegion}}"}]}""";
        return new Endpoint(parameters["Endpoint"] is string { Length: > 0 } own ? own : url, schemes, "");
    }
}

/// <summary>Puts the endpoint on each request.</summary>
internal sealed class Route53EndpointResolver : BaseEndpointResolver
{
    public static EndpointParameters ParametersOf(IClientConfig config, RegionEndpoint? alternative) => new Route53EndpointParameters
    {
        ["Region"] = alternative?.SystemName ?? config.AuthenticationRegion ?? config.RegionEndpoint?.SystemName,
        ["Endpoint"] = config.ServiceURL,
        ["UseFIPS"] = config.UseFIPSEndpoint,
        ["UseDualStack"] = config.UseDualstackEndpoint,
    };

    protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext) =>
        ParametersOf(requestContext.ClientConfig, requestContext.Request.AlternateEndpoint);

    private sealed class Route53EndpointParameters : EndpointParameters;
}

/// <summary>Signs with SigV4, session token included.</summary>
internal sealed class Route53AuthResolver : BaseAuthResolverHandler
{
    protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => AuthSchemeOption.DEFAULT_SIGV4;
}

/// <summary>Keeps the SDK from repeating a change batch whose outcome is not known. Refusals that leave nothing applied (throttling, a busy zone) are still retried.</summary>
internal sealed class Route53ChangeOnceHandler : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        try
        {
            return await base.InvokeAsync<T>(executionContext);
        }
        catch (Exception e) when (executionContext.RequestContext.OriginalRequest is ChangeResourceRecordSetsRequest && OutcomeIsUnknown(e))
        {
            throw new ChangeOutcomeUnknownException(e.Message);
        }
    }

    private static bool OutcomeIsUnknown(Exception e) => e is AmazonServiceException service
        ? (int)service.StatusCode is < 400 or >= 500
        : e is HttpRequestException or IOException or TimeoutException or OperationCanceledException;
}

/// <summary>Stands inside the SDK's retries, so that each attempt is paid for and counted.</summary>
internal sealed class Route53TrafficHandler(IRoute53Traffic traffic) : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var operation = OperationOf(executionContext.RequestContext.RequestName);
        await traffic.BeforeAttemptAsync(operation, executionContext.RequestContext.CancellationToken);
        try
        {
            var answer = await base.InvokeAsync<T>(executionContext);
            traffic.AfterAttempt(operation, "OK");
            return answer;
        }
        catch (Exception e)
        {
            traffic.AfterAttempt(operation, (e as AmazonServiceException)?.ErrorCode ?? "Unreachable");
            throw;
        }
    }

    private static string OperationOf(string requestName) =>
        requestName.EndsWith("Request", StringComparison.Ordinal) ? requestName[..^"Request".Length] : requestName;
}
