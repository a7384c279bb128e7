using System.Globalization;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Planning.Rules;
using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Dns.Control;

/// <summary>An object's own record sets at one moment (D8): what drift and contests are about. Pure.</summary>
/// <param name="Fingerprint">Of the sets, by meaning.</param>
/// <param name="Weights">By set identifier.</param>
internal sealed record OwnSets(string Fingerprint, IReadOnlyDictionary<string, int> Weights)
{
    /// <summary>Set and mark by set identifier, in words that are the same where the meaning is.</summary>
    public IReadOnlyDictionary<string, string> Words { get; init; } = new Dictionary<string, string>();

    /// <summary>The own ones among what was read.</summary>
    public static OwnSets Of(ObservedGroup group, DesiredGroup desired)
    {
        var own = OwnershipRule.Own(group, desired);
        var owners = OwnershipRule.Owners(group);
        var words = own.ToDictionary(set => set.SetIdentifier!, set => $"{InWords(set)}, {Mark(set.SetIdentifier!)}", StringComparer.Ordinal);
        return new OwnSets(Records.Fingerprint.Of(own), own.ToDictionary(set => set.SetIdentifier!, set => set.Weight ?? 0, StringComparer.Ordinal)) { Words = words };

        string Mark(string id) => owners.TryGetValue(id, out var owner) && desired.Claim.IsOurs(owner) ? "marked as ours" : "without our mark";
    }

    /// <summary>Where what is read differs from what was sent, naming both; null: nowhere.</summary>
    public static string? Difference(OwnSets sent, OwnSets read)
    {
        var differing = sent.Words.Keys.Union(read.Words.Keys).Order(StringComparer.Ordinal)
            .Select(id => (Id: id, Sent: sent.Words.GetValueOrDefault(id, "nothing"), Read: read.Words.GetValueOrDefault(id, "nothing")))
            .Where(d => d.Sent != d.Read).ToList();
        return differing.Count == 0 ? null : string.Join("; ", differing.Select(d => $"{d.Id}: sent {d.Sent}; read {d.Read}"));
    }

    private static string InWords(RecordSet set)
    {
        var answer = set.Alias is { } alias
            ? $"alias {RecordNames.ForPeople(alias.DnsName)} ({alias.HostedZoneId}{(alias.EvaluateTargetHealth ? ", its health counts" : "")})"
            : $"{string.Join(" ", (set.Values ?? []).Select(value => RecordValues.Meaning(set.Type, value)).Order(StringComparer.Ordinal))} for {set.Ttl?.ToString(CultureInfo.InvariantCulture)} s";
        return $"weight {set.Weight?.ToString(CultureInfo.InvariantCulture) ?? "none"}, {answer}{(set.HealthCheckId is { } check ? $", health check {check}" : "")}";
    }
}
