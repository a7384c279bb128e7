using System.Runtime.CompilerServices;
using Modestano.Operator.Dns.Route53.Model;

namespace Modestano.Operator.Dns.Route53;

/// <summary>Reads lists page by page.</summary>
public static class Route53Paging
{
    /// <summary>Reads every record set from the request's start on, page by page; stop reading and no further page is asked for.</summary>
    /// <exception cref="AmazonRoute53Exception">A page names itself, or one before it, as the next one: following it would never end.</exception>
    public static async IAsyncEnumerable<ResourceRecordSet> ListAllAsync(
        this IAmazonRoute53 client, ListResourceRecordSetsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var page = new ListResourceRecordSetsRequest
        {
            HostedZoneId = request.HostedZoneId,
            StartRecordName = request.StartRecordName,
            StartRecordType = request.StartRecordType,
            StartRecordIdentifier = request.StartRecordIdentifier,
            MaxItems = request.MaxItems,
        };
        var asked = new HashSet<(string?, string?, string?)>();
        while (true)
        {
            asked.Add((page.StartRecordName, page.StartRecordType?.Value, page.StartRecordIdentifier));
            var answer = await client.ListResourceRecordSetsAsync(page, cancellationToken);
            foreach (var set in answer.ResourceRecordSets)
            {
                yield return set;
            }

            if (!answer.IsTruncated)
            {
                yield break;
            }

            var next = (answer.NextRecordName, Type: answer.NextRecordType?.Value, answer.NextRecordIdentifier);
            if (asked.Contains(next))
            {
                throw new AmazonRoute53Exception(
                    $"ListResourceRecordSets of zone {page.HostedZoneId}: the page that starts at {next} names one as the next that was read before",
                    null, Amazon.Runtime.ErrorType.Receiver, "PagingDoesNotAdvance", answer.ResponseMetadata?.RequestId, System.Net.HttpStatusCode.BadGateway);
            }

            page.StartRecordName = answer.NextRecordName;
            page.StartRecordType = answer.NextRecordType;
            page.StartRecordIdentifier = answer.NextRecordIdentifier;
        }
    }
}
