using System.Xml.Linq;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Route53.Model;

namespace Modestano.Operator.Tests.Dns.Route53;

/// <summary>Every recorded answer to an operation of this client is read: what it says is in the typed answer, a refusal in the typed exception.</summary>
public sealed class AnswerTests
{
    private static IEnumerable<TestCaseData> Recorded() => RecordedExchange.Names
        .Where(name => RecordedCall.Of(RecordedExchange.Read(name)) is not null)
        .Select(name => new TestCaseData(name).SetArgDisplayNames(name));

    [TestCaseSource(nameof(Recorded))]
    public async Task An_answer_is_read_whole(string name)
    {
        var recorded = RecordedExchange.Read(name);
        using var service = new ScriptedService();
        // A server error is tried again.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            service.Answer(recorded.Status, recorded.ResponseBody, recorded.ContentType);
        }

        using var client = service.Client();
        object? answer = null;
        var refusal = await Refusal.OfAsync(async () => answer = await RecordedCall.Of(recorded)!(client));

        if (recorded.Status < 300)
        {
            Assert.That(refusal, Is.Null);
            Assert.That(Written(answer!), Is.EqualTo(Written(XElement.Parse(recorded.ResponseBody))));
        }
        else
        {
            Assert.That(Route53Failure.Of(refusal!)?.Kind, Is.EqualTo(KindOf(recorded)));
        }
    }

    private static Route53FailureKind KindOf(RecordedExchange recorded) => (recorded.Status, CodeOf(recorded.ResponseBody)) switch
    {
        ( >= 500, _) => Route53FailureKind.Unreachable,
        (_, "InvalidChangeBatch") => Route53FailureKind.InvalidBatch,
        (_, "NoSuchHostedZone") => Route53FailureKind.NoSuchZone,
        (_, "NoSuchChange") => Route53FailureKind.NoSuchChange,
        _ => Route53FailureKind.Refused,
    };

    private static string? CodeOf(string body) =>
        body.StartsWith("<?xml", StringComparison.Ordinal) ? XElement.Parse(body).Descendants().FirstOrDefault(e => e.Name.LocalName == "Code")?.Value : null;

    /// <summary>The leaves of an answer's XML in order, the list's own last and by name; with those left out that the client has no use for.</summary>
    private static IEnumerable<string> Written(XElement root) => root.Descendants()
        .Where(e => !e.HasElements && e.Value.Length > 0 && e.Name.LocalName is not ("MaxItems" or "SubmittedAt" or "CheckedTime") && e is not { Name.LocalName: "IsTruncated", Value: "false" } && e.Ancestors().All(a => a.Name.LocalName != "DelegationSet"))
        .OrderBy(e => e.Parent == root ? e.Name.LocalName : "", StringComparer.Ordinal)
        .Select(e => $"{e.Name.LocalName}={e.Value}");

    private static IEnumerable<string> Written(object answer) => (answer switch
    {
        ChangeResourceRecordSetsResponse change => Change(change.ChangeInfo),
        GetChangeResponse change => Change(change.ChangeInfo),
        ListResourceRecordSetsResponse list => [.. list.ResourceRecordSets.SelectMany(Set), ("IsTruncated", list.IsTruncated ? "true" : null), ("NextRecordIdentifier", list.NextRecordIdentifier), ("NextRecordName", list.NextRecordName), ("NextRecordType", list.NextRecordType?.Value)],
        GetHostedZoneResponse zone => Zone(zone.HostedZone),
        ListHostedZonesByNameResponse zones => [.. zones.HostedZones.SelectMany(Zone), ("DNSName", zones.DNSName), ("HostedZoneId", zones.HostedZoneId), ("IsTruncated", zones.IsTruncated ? "true" : null), ("NextDNSName", zones.NextDNSName), ("NextHostedZoneId", zones.NextHostedZoneId)],
        GetHealthCheckStatusResponse status => status.HealthCheckObservations.SelectMany(o => new[] { ("Region", o.Region), ("IPAddress", o.IPAddress), ("Status", o.StatusReport?.Status) }),
        _ => throw new ArgumentException(answer.GetType().Name, nameof(answer)),
    }).Where(leaf => leaf.Item2 is not null).Select(leaf => $"{leaf.Item1}={leaf.Item2}");

    private static IEnumerable<(string, string?)> Change(ChangeInfo info) => [("Id", info.Id), ("Status", info.Status.Value), ("Comment", info.Comment)];

    private static IEnumerable<(string, string?)> Zone(HostedZone zone) =>
        [("Id", zone.Id), ("Name", zone.Name), ("CallerReference", zone.CallerReference), ("Comment", zone.Config?.Comment), ("PrivateZone", zone.Config is null ? null : Flag(zone.Config.PrivateZone)), ("ResourceRecordSetCount", $"{zone.ResourceRecordSetCount}")];

    private static IEnumerable<(string, string?)> Set(ResourceRecordSet set) =>
    [
        ("Name", set.Name), ("Type", set.Type.Value), ("SetIdentifier", set.SetIdentifier), ("Weight", set.Weight?.ToString(provider: null)), ("TTL", set.TTL?.ToString(provider: null)),
        .. (set.ResourceRecords ?? []).Select(r => ("Value", (string?)r.Value)),
        .. set.AliasTarget is { } alias ? new[] { ("HostedZoneId", (string?)alias.HostedZoneId), ("DNSName", alias.DNSName), ("EvaluateTargetHealth", Flag(alias.EvaluateTargetHealth)) } : [],
        ("HealthCheckId", set.HealthCheckId),
    ];

    private static string Flag(bool? value) => value == true ? "true" : "false";
}
