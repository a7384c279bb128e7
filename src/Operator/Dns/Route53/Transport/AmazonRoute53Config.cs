using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Util.Internal;
using Endpoint = Amazon.Runtime.Endpoints.Endpoint;

namespace Modestano.Operator.Dns.Route53.Transport;

/// <summary>
/// Settings of a <see cref="AmazonRoute53Client"/>. Where nothing is set in code, <c>AWS_ENDPOINT_URL_ROUTE_53</c>, <c>AWS_ENDPOINT_URL</c>
/// and the profile's <c>services</c> section name the endpoint; the region only chooses the partition.
/// </summary>
public sealed class AmazonRoute53Config : ClientConfig
{
    /// <summary>Settings for a region; absent: <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c>, else us-east-1.</summary>
    public AmazonRoute53Config(string? region = null)
        : base(new DefaultConfigurationProvider([new DefaultConfiguration
        {
            Name = DefaultConfigurationMode.Standard,
            RetryMode = RequestRetryMode.Standard,
            ConnectTimeout = TimeSpan.FromSeconds(3),
        }]))
    {
        ServiceId = "Route 53";
        AuthenticationServiceName = "route53";
        EndpointProvider = new Route53EndpointProvider();
        // Must be set in code: an unset region makes the SDK probe profile files and the instance metadata service, then fail.
        RegionEndpoint = RegionEndpoint.GetBySystemName(region ?? FromEnvironment("AWS_REGION") ?? FromEnvironment("AWS_DEFAULT_REGION") ?? "us-east-1");
        // The SDK's own limit is 100 s, which outlives the time that one effect may take.
        Timeout = TimeSpan.FromSeconds(15);
        // Few, because each attempt costs a request of the account's five a second; longer waits are the controller's business.
        MaxErrorRetry = 2;
        // A signed request goes where it was signed for, and nowhere else.
        AllowAutoRedirect = false;
        // A retry with the first signature would fail once its date is out of the window.
        ResignRetries = true;
    }

    private static readonly string Product = $"modestano-{typeof(AmazonRoute53Config).Assembly.GetName().Version?.ToString(3)}";

    /// <inheritdoc/>
    public override string RegionEndpointServiceName => "route53";

    /// <inheritdoc/>
    public override string ServiceVersion => "2013-04-01";

    /// <inheritdoc/>
    public override string UserAgent => InternalSDKUtils.BuildUserAgentString("Route53", Product);

    /// <summary>Asked before each attempt and told its outcome; absent: nobody is.</summary>
    public IRoute53Traffic? Traffic { get; set; }

    /// <inheritdoc/>
    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
        EndpointProvider.ResolveEndpoint(Route53EndpointResolver.ParametersOf(this, null));

    private static string? FromEnvironment(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
