namespace Modestano.Operator.Dns.Route53.Model;

/// <summary>Asks how far a change has got.</summary>
public sealed class GetChangeRequest : AmazonRoute53Request
{
    /// <summary>With or without <c>/change/</c>.</summary>
    public required string Id { get; set; }
}

/// <summary>The answer.</summary>
public sealed class GetChangeResponse : Amazon.Runtime.AmazonWebServiceResponse
{
    public required ChangeInfo ChangeInfo { get; set; }
}
