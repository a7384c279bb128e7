using System.Net;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Route53.Transport;

/// <summary>Carries an answer through the SDK's pipeline, which wants types that it can make itself.</summary>
internal sealed class Route53Answer<TResponse> : AmazonWebServiceResponse
{
    public TResponse? Value { get; set; }
}

/// <summary>Reads an answer, or the error in it: in today's envelope, in the older one of InvalidChangeBatch, or in no XML at all (a proxy's page).</summary>
internal sealed class Route53Unmarshaller<TResponse>(Func<XElement, TResponse> read) : XmlResponseUnmarshaller
    where TResponse : AmazonWebServiceResponse
{
    private const int LongestText = 2000;

    public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext input)
    {
        var requestId = RequestIdOf(input);
        var place = "the answer";
        try
        {
            // The SDK takes what is no error for an answer, redirects too.
            if (input.ResponseData?.StatusCode is { } status && (int)status is < 200 or >= 300)
            {
                throw new FormatException($"HTTP status {(int)status}, which points to another address; it is not followed");
            }

            var root = BoundedXml.Load(input.Stream);
            place = root.Name.LocalName;
            return new Route53Answer<TResponse> { Value = read(root), ResponseMetadata = new ResponseMetadata { RequestId = requestId } };
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new AmazonUnmarshallingException(requestId, place, Bounded(e.Message), e);
        }
    }

    public override AmazonServiceException UnmarshallException(XmlUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
    {
        var root = Load(input);
        var old = root?.Name.LocalName == "InvalidChangeBatch";
        var code = old ? "InvalidChangeBatch" : Bounded(TextOf(root, "Code") ?? statusCode.ToString());
        var message = old
            ? Bounded($"[{string.Join(", ", root!.Descendants().Where(e => e.Name.LocalName == "Message").Select(e => e.Value.Trim()))}]")
            : TextOf(root, "Message") is { } text ? Bounded(text)
            : $"HTTP status {(int)statusCode} without a message";
        var type = TextOf(root, "Type") switch
        {
            "Sender" => ErrorType.Sender,
            "Receiver" => ErrorType.Receiver,
            _ => ErrorType.Unknown,
        };
        var requestId = TextOf(root, "RequestId") ?? RequestIdOf(input);
        return code switch
        {
            "InvalidChangeBatch" => new InvalidChangeBatchException(message, innerException, type, code, requestId, statusCode),
            "NoSuchHostedZone" => new NoSuchHostedZoneException(message, innerException, type, code, requestId, statusCode),
            "NoSuchHealthCheck" => new NoSuchHealthCheckException(message, innerException, type, code, requestId, statusCode),
            "NoSuchChange" => new NoSuchChangeException(message, innerException, type, code, requestId, statusCode),
            "PriorRequestNotComplete" => new PriorRequestNotCompleteException(message, innerException, type, code, requestId, statusCode),
            "Throttling" or "ThrottlingException" => new ThrottlingException(message, innerException, type, code, requestId, statusCode),
            "InvalidInput" => new InvalidInputException(message, innerException, type, code, requestId, statusCode),
            _ => new AmazonRoute53Exception(message, innerException, type, code, requestId, statusCode),
        };
    }

    private static string RequestIdOf(XmlUnmarshallerContext input) => input.ResponseData?.GetHeaderValue("x-amzn-RequestId") ?? "";

    private static string? TextOf(XElement? root, string name) => root?.Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

    /// <summary>What a foreign server says ends in conditions and logs: of bounded length, without line breaks and other control characters.</summary>
    private static string Bounded(string text) => OneLine.Of(text, LongestText);

    /// <summary>The document's root, or null where the body is empty, not XML, or not of the kind that is accepted.</summary>
    private static XElement? Load(XmlUnmarshallerContext input)
    {
        try
        {
            return BoundedXml.Load(input.Stream);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
