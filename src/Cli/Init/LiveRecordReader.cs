using Amazon.Runtime;
using Modestano.Cli.Cluster;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Route53.Model;
using Modestano.Operator.Dns.Route53.Transport;

namespace Modestano.Cli.Init;

/// <summary>Reads a zone and the record sets of one name, on the caller's own AWS credentials: <c>route53:GetHostedZone</c> or <c>ListHostedZonesByName</c>, and <c>ListResourceRecordSets</c>.</summary>
internal static class LiveRecordReader
{
    /// <summary>Reads them.</summary>
    /// <param name="zone">The zone's id, or its name.</param>
    /// <param name="isPrivate">With a name: whether the private zone is meant.</param>
    /// <param name="name">The record's name.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="PluginException">The service refused, or there is no such zone.</exception>
    public static async Task<LiveRecords> ReadAsync(string zone, bool isPrivate, string name, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new AmazonRoute53Client(new AmazonRoute53Config());
            var reference = zone.Contains('.', StringComparison.Ordinal) ? new HostedZoneReference { Name = zone.TrimEnd('.'), Private = isPrivate } : new HostedZoneReference { Id = zone[(zone.LastIndexOf('/') + 1)..] };
            var found = await ZoneDirectory.LookUpAsync(client, reference, cancellationToken);
            if (found.Refused is { } refused)
            {
                throw new PluginException(refused.Message);
            }

            var wanted = RecordNames.Normalize(name);
            if (!RecordNames.IsWithin(wanted, found.Name))
            {
                throw new PluginException($"{name} is not within the zone {RecordNames.ForPeople(found.Name)}");
            }

            var sets = new List<RecordSet>();
            await foreach (var set in client.ListAllAsync(new ListResourceRecordSetsRequest { HostedZoneId = found.Id, StartRecordName = wanted }, cancellationToken))
            {
                var read = set.ToDomain();
                if (read.Name != wanted)
                {
                    break;
                }

                sets.Add(read);
            }

            return new LiveRecords(found.Id, RecordNames.ForPeople(wanted), sets);
        }
        catch (AmazonServiceException e)
        {
            throw new PluginException($"Route 53 refused ({e.ErrorCode ?? e.StatusCode.ToString()}): {Views.YamlScalar.Comment(e.Message)}");
        }
        catch (AmazonClientException e)
        {
            throw new PluginException($"Route 53 could not be asked: {Views.YamlScalar.Comment(e.Message)}; are there credentials in the environment, or a profile?");
        }
    }
}

/// <summary>The record sets of one name.</summary>
/// <param name="ZoneId">Without <c>/hostedzone/</c>.</param>
/// <param name="Name">As people write it.</param>
/// <param name="Sets">The sets of all types.</param>
internal sealed record LiveRecords(string ZoneId, string Name, IReadOnlyList<RecordSet> Sets);
