using Amazon.Runtime;

namespace Modestano.Operator.Dns.Route53.Model;

/// <summary>A request to Route 53.</summary>
public abstract class AmazonRoute53Request : AmazonWebServiceRequest;
