using System.Xml.Linq;

namespace Modestano.Testbed.Conformance.Route53;

/// <summary>What AWS answers to recorded requests, where the recorded emulator did not.</summary>
internal static class WhatAwsAnswers
{
    private static readonly (string Element, string Why)[] EmulatorInvents =
    [
        ("message", "the message once more, in lower case"),
        ("DelegationSet/Id", "a default delegation set has none"),
        ("DelegationSet/CallerReference", "a default delegation set has none"),
        ("HealthCheckConfig/MeasureLatency", "optional, and not sent"),
        ("HealthCheckConfig/Inverted", "optional, and not sent"),
        ("HealthCheckConfig/Disabled", "optional, and not sent"),
        ("HealthCheckConfig/EnableSNI", "optional, and not sent"),
        ("ListHostedZonesResponse/Marker", "only where the list goes on"),
    ];

    private static readonly (string Element, string Why)[] EmulatorLeavesOut =
    [
        ("ChangeInfo/Comment", "the comment of the batch comes back"),
        ("NextRecordIdentifier", "the next record of a weighted group has one"),
        ("ListHostedZonesByNameResponse/IsTruncated", "required"),
        ("ListHostedZonesByNameResponse/MaxItems", "required"),
        ("ListHostedZonesByNameResponse/NextDNSName", "where the list goes on"),
        ("ListHostedZonesByNameResponse/NextHostedZoneId", "where the list goes on"),
    ];

    private static readonly (string Name, int Status, string? Code, string? Message)[] Known =
    [
        ("05-get-change-unknown", 404, "NoSuchChange", "Could not find resource with ID: CNOSUCHCHANGE"),
        ("40-err-delete-non-existing", 400, "InvalidChangeBatch", "[Tried to delete resource record set [name='nosuch.example.com.', type='A', set-identifier='eu-west-1'] but it was not found]"),
        ("41-err-delete-values-differ", 400, "InvalidChangeBatch", "but the values provided do not match the current values]"),
        ("42-err-weight-256", 400, "InvalidInput", "Invalid XML ; cvc-"),
        ("44-err-mix-simple-and-weighted", 400, "InvalidChangeBatch", "[RRSet with DNS name mongo.example.com., type A cannot be created as other RRSets exist with the same name and type.]"),
        ("45-err-duplicate-set-identifier-in-batch", 400, "InvalidChangeBatch", "[The request contains an invalid set of changes for a resource record set 'A dup.example.com.']"),
        ("46-err-create-existing-set-identifier", 400, "InvalidChangeBatch", "set-identifier='eu-west-2'] but it already exists]"),
        ("49-err-bad-ipv4", 400, "InvalidChangeBatch", "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"),
        ("50-err-weight-without-set-identifier", 400, "InvalidInput", "Invalid request: Missing field 'SetIdentifier' in Change with [Action="),
        ("51-err-ttl-differs-in-group", 400, "InvalidChangeBatch", "cannot be created as weighted sets must contain the same TTL.]"),
        ("52-err-unknown-health-check", 404, "NoSuchHealthCheck", null),
        ("53-err-cname-at-name-with-a", 400, "InvalidChangeBatch", "is not permitted as it conflicts with other records with the same DNS name in zone example.com."),
        ("58-create-hosted-zone-same-reference", 409, "HostedZoneAlreadyExists", null),
        ("59-err-list-maxitems-0", 400, "InvalidInput", null),
        ("71-raw-weight-negative", 400, "InvalidInput", "Invalid XML ; cvc-"),
        ("72-raw-set-identifier-129", 400, "InvalidInput", "Invalid XML ; cvc-"),
        ("74-raw-empty-changes", 400, "InvalidInput", "Invalid XML ; cvc-complex-type.2.4.b"),
        ("75-raw-malformed-xml", 400, "MalformedInput", null),
        ("76-raw-empty-body", 400, "MalformedInput", null),
        ("77-raw-no-namespace", 400, "InvalidInput", "Invalid XML ; cvc-elt.1: Cannot find the declaration of element 'ChangeResourceRecordSetsRequest'."),
        ("63-list-hosted-zones-by-name-not-found", 200, null, null),
        ("78-raw-list-trailing-slash", 200, null, null),
        ("79-raw-unknown-path", 404, "UnknownOperationException", null),
        ("80-raw-uppercase-name", 200, null, null),
        ("82-raw-no-ttl", 400, "InvalidInput", "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with ["),
        ("84-raw-33000-characters", 400, "InvalidChangeBatch", null),
        ("85-raw-get-change-prefixed", 404, "NoSuchChange", null),
        ("93-list-shows-b-gone-too", 200, null, null),
        ("94-delete-again-succeeds", 400, "InvalidChangeBatch", "but it was not found]"),
    ];

    public static IEnumerable<string> Names => Known.Select(k => k.Name);

    public static IEnumerable<string> Differences(string name, int recordedStatus, XElement? recorded, int status, XElement? found)
    {
        var known = Known.FirstOrDefault(k => k.Name == name);
        var (wantedStatus, wantedCode) = known.Name is null ? (recordedStatus, Of(recorded, "Code")) : (known.Status, known.Code);
        if (status != wantedStatus || Of(found, "Code") != wantedCode)
        {
            yield return $"wanted {wantedStatus} {wantedCode}, found {status} {found}";
        }
        else if (known.Message is { } message && Of(found, "Message")?.Contains(message, StringComparison.Ordinal) != true)
        {
            yield return $"wanted the message {message}, found {Of(found, "Message")}";
        }
        else if (known.Name is null && recorded is not null)
        {
            var (theirs, ours) = (Shape(recorded), Shape(found!));
            var missing = theirs.Except(ours).Where(e => !EmulatorInvents.Any(i => e.EndsWith(i.Element, StringComparison.Ordinal))).ToList();
            var extra = ours.Except(theirs).Where(e => !EmulatorLeavesOut.Any(i => e.EndsWith(i.Element, StringComparison.Ordinal))).ToList();
            if (missing.Count + extra.Count > 0)
            {
                yield return $"elements: missing {string.Join(' ', missing)}, too much {string.Join(' ', extra)}";
            }
        }
    }

    private static string? Of(XElement? answer, string element) => answer?.Descendants().FirstOrDefault(e => e.Name.LocalName == element)?.Value;

    private static HashSet<string> Shape(XElement answer) => [.. answer.DescendantsAndSelf().Select(Path)];

    private static string Path(XElement element) => string.Join('/', element.AncestorsAndSelf().Reverse().Select(e => e.Name.LocalName));
}
