using System.Collections.Concurrent;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Route53.Model;
using Modestano.Operator.Dns.Sending;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Control;

/// <summary>
/// Whether the operator may change a record, seen without changing one: it asks for the deletion of record sets that cannot exist. A denial is
/// AWS's own word. A refusal of the batch is taken for the right, which assumes that IAM decides before Route 53 looks at what a batch would do:
/// no page of AWS promises that of Route 53 (docs/testing.md has the evidence). A policy that allows DELETE and not CREATE is not seen. Asked of
/// records in mode Observe only.
/// </summary>
internal sealed class ChangeRights(TimeProvider time) : ILeadershipListener
{
    /// <summary>The row's name.</summary>
    public const string Check = "Route53Rights";

    // An identifier that nobody gives; the batch also has to name weight, TTL and value exactly to find anything.
    private const string NobodysIdentifier = "modestano-rights-check-of-nothing";

    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Account, string Zone, string Name, string Type), (CheckStatus Row, DateTimeOffset At)> _known = new();

    /// <inheritdoc/>
    public void StoppedLeading() => _known.Clear();

    /// <summary>The row for status.</summary>
    public async Task<CheckStatus> AskAsync(Route53Account account, string zoneId, string name, string type, CancellationToken cancellationToken)
    {
        var key = (account.Key, zoneId, name, type);
        if (_known.TryGetValue(key, out var known) && time.GetUtcNow() - known.At < KeptFor)
        {
            return known.Row;
        }

        var row = await DryRunAsync(account.Client, zoneId, name, type, cancellationToken);
        _known[key] = (row, time.GetUtcNow());
        return row;
    }

    private static async Task<CheckStatus> DryRunAsync(IAmazonRoute53 client, string zoneId, string name, string type, CancellationToken cancellationToken)
    {
        try
        {
            await client.ChangeResourceRecordSetsAsync(
                new ChangeResourceRecordSetsRequest
                {
                    HostedZoneId = zoneId,
                    ChangeBatch = new ChangeBatch
                    {
                        Comment = "modestano: whether changes are allowed; refused, as it deletes what does not exist",
                        Changes = [Deletion(name, type, NobodysValue(type)), Deletion(RecordNames.Normalize(OwnershipMark.NameFor(name, type)), "TXT", "\"nobody\"")],
                    },
                },
                cancellationToken);
            return Row("Unknown", "taken", "the service took a change that deletes nothing: it is no Route 53");
        }
        catch (Exception e) when (Route53Failure.Of(e) is { } failure && !cancellationToken.IsCancellationRequested)
        {
            return failure.Kind switch
            {
                Route53FailureKind.InvalidBatch => Row("Passed", "not denied", null),
                Route53FailureKind.AccessDenied => Row("Failed", "denied", $"let the operator's role change {RecordNames.ForPeople(name)} {type} and its mark, {OwnershipMark.NameFor(RecordNames.ForPeople(name), type)} TXT (config/iam has the policy): {failure.Message}"),
                _ => Row("Unknown", failure.Kind.ToString(), $"it could not be asked: {failure.Message}"),
            };
        }
    }

    private static Change Deletion(string name, string type, string value) => new()
    {
        Action = ChangeAction.DELETE,
        ResourceRecordSet = new RecordSet { Name = name, Type = type, SetIdentifier = NobodysIdentifier, Weight = 0, Ttl = 1, Values = [value] }.ToRoute53(),
    };

    private static string NobodysValue(string type) => type switch { "A" => "192.0.2.1", "AAAA" => "2001:db8::1", "CNAME" => "nobody.invalid", _ => "\"nobody\"" };

    private static CheckStatus Row(string result, string value, string? message) =>
        new() { Name = Check, Result = result, Value = value, Message = message is null ? null : OneLine.Of(message, 900) };
}
