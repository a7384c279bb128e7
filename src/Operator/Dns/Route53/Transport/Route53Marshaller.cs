using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Modestano.Operator.Dns.Route53.Model;

namespace Modestano.Operator.Dns.Route53.Transport;

/// <summary>Writes requests as the service model has them: paths, query, and XML elements in the documented order, which the service insists on.</summary>
internal sealed class Route53Marshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    internal static readonly XNamespace Namespace = "https://route53.amazonaws.com/doc/2013-04-01/";

    public IRequest Marshall(AmazonWebServiceRequest input) => input switch
    {
        ChangeResourceRecordSetsRequest r => Post(r, $"hostedzone/{Bare(r.HostedZoneId)}/rrset/", BodyOf(r)),
        ListResourceRecordSetsRequest r => Get(r, $"hostedzone/{Bare(r.HostedZoneId)}/rrset",
            ("name", r.StartRecordName), ("type", r.StartRecordType?.Value), ("identifier", r.StartRecordIdentifier), ("maxitems", r.MaxItems)),
        GetChangeRequest r => Get(r, $"change/{Bare(r.Id)}"),
        GetHostedZoneRequest r => Get(r, $"hostedzone/{Bare(r.Id)}"),
        ListHostedZonesByNameRequest r => Get(r, "hostedzonesbyname",
            ("dnsname", r.DNSName), ("hostedzoneid", r.HostedZoneId is null ? null : Bare(r.HostedZoneId)), ("maxitems", r.MaxItems)),
        GetHealthCheckStatusRequest r => Get(r, $"healthcheck/{Bare(r.HealthCheckId)}/status"),
        _ => throw new ArgumentException($"{input.GetType().Name} is not a request that this client can send", nameof(input)),
    };

    private static DefaultRequest Get(AmazonRoute53Request input, string path, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var request = new DefaultRequest(input, "Amazon.Route53") { HttpMethod = "GET", ResourcePath = "/2013-04-01/" + path, UseQueryString = true };
        foreach (var (name, value) in query)
        {
            if (value is not null)
            {
                request.Parameters.Add(name, value);
            }
        }

        return request;
    }

    private static DefaultRequest Post(AmazonRoute53Request input, string path, XElement body)
    {
        var request = new DefaultRequest(input, "Amazon.Route53") { HttpMethod = "POST", ResourcePath = "/2013-04-01/" + path };
        request.Content = Encoding.UTF8.GetBytes(body.ToString(SaveOptions.DisableFormatting));
        request.Headers["Content-Type"] = "application/xml";
        return request;
    }

    /// <summary>The service answers ids with a path in front and takes them without.</summary>
    private static string Bare(string id)
    {
        var bare = id[(id.LastIndexOf('/') + 1)..];
        return bare.Length > 0 ? Uri.EscapeDataString(bare) : throw new ArgumentException($"'{id}' is not an id: it is empty after its last slash", nameof(id));
    }

    private static XElement BodyOf(ChangeResourceRecordSetsRequest request) =>
        new(Namespace + "ChangeResourceRecordSetsRequest",
            new XElement(Namespace + "ChangeBatch",
                Optional("Comment", request.ChangeBatch.Comment),
                new XElement(Namespace + "Changes", request.ChangeBatch.Changes.Select(change =>
                    new XElement(Namespace + "Change",
                        new XElement(Namespace + "Action", change.Action.Value),
                        ElementOf(change.ResourceRecordSet))))));

    private static XElement ElementOf(ResourceRecordSet set) =>
        new(Namespace + "ResourceRecordSet",
            new XElement(Namespace + "Name", set.Name),
            new XElement(Namespace + "Type", set.Type.Value),
            Optional("SetIdentifier", set.SetIdentifier),
            Optional("Weight", set.Weight),
            Optional("Region", set.Region),
            set.GeoLocation is null ? null : new XElement(Namespace + "GeoLocation",
                Optional("ContinentCode", set.GeoLocation.ContinentCode),
                Optional("CountryCode", set.GeoLocation.CountryCode),
                Optional("SubdivisionCode", set.GeoLocation.SubdivisionCode)),
            Optional("Failover", set.Failover),
            Optional("MultiValueAnswer", set.MultiValueAnswer),
            Optional("TTL", set.TTL),
            set.ResourceRecords is null ? null : new XElement(Namespace + "ResourceRecords",
                set.ResourceRecords.Select(record => new XElement(Namespace + "ResourceRecord", new XElement(Namespace + "Value", record.Value)))),
            set.AliasTarget is null ? null : new XElement(Namespace + "AliasTarget",
                new XElement(Namespace + "HostedZoneId", set.AliasTarget.HostedZoneId),
                new XElement(Namespace + "DNSName", set.AliasTarget.DNSName),
                new XElement(Namespace + "EvaluateTargetHealth", set.AliasTarget.EvaluateTargetHealth)),
            Optional("HealthCheckId", set.HealthCheckId));

    private static XElement? Optional(string name, object? value) =>
        value is null ? null : new XElement(Namespace + name, value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : value);
}
