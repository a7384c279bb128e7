using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Route53.Model;

namespace Modestano.Operator.Dns.Sending;

/// <summary>Sends one batch and tells what became of it.</summary>
internal sealed class ZoneSender(ZoneReader reader)
{
    private const int LongestComment = 256;

    public async Task<WriteOutcome> SendAsync(Route53Account account, string zoneId, IReadOnlyList<RecordChange> changes, string comment, CancellationToken cancellationToken)
    {
        var batch = new ChangeBatch
        {
            Comment = comment.Length <= LongestComment ? comment : comment[..LongestComment],
            Changes = [.. changes.Select(change => new Change { Action = change.IsCreate ? ChangeAction.CREATE : ChangeAction.DELETE, ResourceRecordSet = change.Set.ToRoute53() })],
        };
        try
        {
            var answer = await account.Client.ChangeResourceRecordSetsAsync(new() { HostedZoneId = zoneId, ChangeBatch = batch }, cancellationToken);
            reader.Applied(account, zoneId, changes);
            return new WriteOutcome.Sent(answer.ChangeInfo.Id[(answer.ChangeInfo.Id.LastIndexOf('/') + 1)..], answer.ChangeInfo.Status == ChangeStatus.INSYNC);
        }
        catch (Exception e) when (Route53Failure.Of(e) is { } failure)
        {
            reader.Forget(account, zoneId);
            return failure.MayHaveBeenApplied ? new WriteOutcome.Unknown(failure, e) : new WriteOutcome.Refused(failure, e);
        }
    }
}
