using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Planning.Rules;
using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Weights;

namespace Modestano.Operator.Dns.Decision;

/// <summary>Observation and wish laid beside each other, by set identifier.</summary>
internal sealed record Situation
{
    public required ObservedGroup Observed { get; init; }

    public required DesiredGroup Desired { get; init; }

    /// <summary>Our weighted sets as read.</summary>
    public required IReadOnlyDictionary<string, RecordSet> Current { get; init; }

    /// <summary>Marks next to our sets, and marks of ours whose set is gone.</summary>
    public required IReadOnlyDictionary<string, RecordSet> CurrentMarks { get; init; }

    /// <summary>Weighted sets of others.</summary>
    public required IReadOnlyList<RecordSet> Others { get; init; }

    /// <summary>A simple record that is to become weighted: all traffic goes to the endpoint that answers as it does.</summary>
    public RecordSet? Simple { get; init; }

    /// <summary>Why nothing may be done.</summary>
    public Stalled? Refused { get; init; }

    /// <summary>
    /// Weight by identifier now: 0 for those to come, all for the endpoint that a simple record stands for, 1 each where all are 0, which
    /// serves the same.
    /// </summary>
    public required IReadOnlyDictionary<string, int> Served { get; init; }

    /// <summary>Weight by identifier at the end; 0 for those that left the spec.</summary>
    public required IReadOnlyDictionary<string, int> Wanted { get; init; }

    /// <summary>Their weights by identifier.</summary>
    public IReadOnlyDictionary<string, int> OthersWeights => Others.ToDictionary(set => set.SetIdentifier!, set => set.Weight ?? 0, StringComparer.Ordinal);

    /// <summary>Weights of the sets that exist, whosever they are.</summary>
    public IReadOnlyDictionary<string, int> ServedByAll =>
        Observed.Sets.Where(set => set.SetIdentifier is not null).ToDictionary(set => set.SetIdentifier!, set => set.Weight ?? 0, StringComparer.Ordinal);

    public string People => $"{RecordNames.ForPeople(Desired.Name)} {Desired.Type}";

    public static Situation Of(ObservedGroup observed, DesiredGroup desired)
    {
        observed = observed with { Sets = [.. observed.Sets.Select(observed.WithTargetTtl)] };
        desired = desired with { Sets = [.. desired.Sets.Select(observed.WithTargetTtl)] };
        var ownership = OwnershipRule.Sort(observed, desired);
        var (simple, refused) = InTheWay(observed, desired);
        refused ??= ownership.Refused;
        refused ??= ownership.Others.Any(set => set.Ttl is { } ttl && ttl != desired.Ttl)
            ? new Stalled(DnsReasons.TtlOfOthersDiffers, $"Record sets of others in the group {RecordNames.ForPeople(desired.Name)} {desired.Type} have another TTL, and Route 53 wants one for all: set spec.ttl to {ownership.Others.First(set => set.Ttl is not null).Ttl}")
            : null;

        var ids = desired.Sets.Select(set => set.SetIdentifier!).Union(ownership.Ours.Keys).Order(StringComparer.Ordinal).ToList();
        var wanted = ids.ToDictionary(id => id, id => desired.Sets.FirstOrDefault(set => set.SetIdentifier == id)?.Weight ?? 0, StringComparer.Ordinal);
        var served = ids.ToDictionary(id => id, id => ownership.Ours.TryGetValue(id, out var set) ? set.Weight ?? 0 : 0, StringComparer.Ordinal);
        if (served.Values.Sum() + ownership.Others.Sum(set => set.Weight ?? 0) == 0)
        {
            // Route 53 treats all-zero weights as equal: 1 each serves the same, and keeps sets to come from counting as if they served.
            foreach (var id in ownership.Ours.Keys)
            {
                served[id] = 1;
            }
        }

        if (simple is not null && desired.Sets.FirstOrDefault(simple.AnswersLike) is { } same)
        {
            served[same.SetIdentifier!] = Shares.LargestWeight;
        }

        return new Situation
        {
            Observed = observed,
            Desired = desired,
            Current = ownership.Ours,
            CurrentMarks = observed.Marks
                .Where(mark => mark.SetIdentifier is { } id && (ownership.Ours.ContainsKey(id) || desired.Claim.IsOurs(OwnershipMark.Read(mark))))
                .ToDictionary(mark => mark.SetIdentifier!, StringComparer.Ordinal),
            Others = ownership.Others,
            Simple = simple,
            Refused = refused,
            Served = served,
            Wanted = wanted,
        };
    }

    private static (RecordSet? Simple, Stalled? Refused) InTheWay(ObservedGroup observed, DesiredGroup desired)
    {
        if (observed.Sets.FirstOrDefault(set => set.OtherPolicy is not null) is { } other)
        {
            return (null, new Stalled(DnsReasons.OtherPolicyInTheWay,
                $"{RecordNames.ForPeople(other.Name)} {other.Type} is routed by {other.OtherPolicy}, which Route 53 does not mix with weights: remove those record sets, or choose another name"));
        }

        if (observed.Sets.FirstOrDefault(set => set.SetIdentifier is null) is not { } simple)
        {
            return (null, null);
        }

        var what = $"{RecordNames.ForPeople(simple.Name)} {simple.Type} is a simple record, which Route 53 does not mix with weighted ones";
        if (!desired.Sets.Any(simple.AnswersLike))
        {
            return (null, new Stalled(DnsReasons.SimpleRecordInTheWay,
                $"{what}: give one endpoint in spec.endpoints exactly its TTL and values ({simple.Ttl} s, {string.Join(", ", simple.Values ?? [simple.Alias?.DnsName ?? ""])}), so that converting it moves no traffic, then set spec.adoption to mode: Adopt and expectedFingerprint: {observed.Fingerprint}"));
        }

        return OwnershipRule.MayAdopt(observed, desired, null) is { } refused
            ? (null, refused with { Reason = DnsReasons.SimpleRecordInTheWay, Message = $"{what}: it is converted in one batch that moves no traffic; {refused.Message}" })
            : (simple, null);
    }
}
