using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Planning.Rules;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Decision;

/// <summary>
/// Decides what becomes of the record sets of an object that goes: Retain takes away our marks alone, Delete the sets, too. A held object's sets
/// stay: taking them away moves traffic. A policy that this version does not know takes no set away either. Pure.
/// </summary>
public static class DeletionPlanner
{
    /// <summary>What is next, and what a person should know.</summary>
    public static DeletionPlan Next(DeletionInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (group, spec) = (input.Observed, input.Spec);
        var marks = group.Marks.Where(mark => input.Claim.IsOurs(OwnershipMark.Read(mark))).ToList();
        var ours = marks.Select(mark => mark.SetIdentifier).ToHashSet();
        var sets = spec.DeletionPolicy == DeletionPolicies.Delete ? group.Sets.Where(set => set.SetIdentifier is not null && ours.Contains(set.SetIdentifier)).ToList() : [];
        var rest = group.Sets.Except(sets).Where(set => set.SetIdentifier is not null).ToDictionary(set => set.SetIdentifier!, set => set.Weight ?? 0, StringComparer.Ordinal);
        DeletionDecision decision = (marks.Count, sets.Count) switch
        {
            (0, _) => new DeletionDecision.Done(),
            (_, > 0) when input.HeldBecause is { } held => new DeletionDecision.Blocked(held),
            (_, > 0) when rest.Count > 0 && SomeoneServesRule.Broken(rest, group.Health) is { } broken => new DeletionDecision.Blocked($"others' record sets stay in the group, and without ours {broken}"),
            _ => new DeletionDecision.Remove([.. sets.Concat(marks).Select(set => new RecordChange(false, set))], sets.Count > 0),
        };
        return new DeletionPlan(decision, [.. Unmarked(spec, group, ours), .. decision is DeletionDecision.Remove ? UnknownPolicy(spec) : []]);
    }

    /// <summary>With Delete: the sets that the spec names and that nobody marked. Another object's mark says whose they are.</summary>
    private static IEnumerable<(string Reason, string Words)> Unmarked(WeightedDnsRecordSpec spec, ObservedGroup group, HashSet<string?> ours)
    {
        var owners = OwnershipRule.Owners(group);
        var unmarked = group.Sets.Select(set => set.SetIdentifier).OfType<string>()
            .Where(id => !ours.Contains(id) && !owners.ContainsKey(id) && spec.Endpoints.Any(e => e.SetIdentifier == id))
            .ToList();
        if (spec.DeletionPolicy == DeletionPolicies.Delete && unmarked.Count > 0)
        {
            yield return (DnsReasons.MarkLost,
                $"The record sets {string.Join(", ", unmarked)} of {spec.Name} {spec.Type} stay in the zone: no ownership mark of this object is beside them; remove them by hand if they are to go");
        }
    }

    private static IEnumerable<(string Reason, string Words)> UnknownPolicy(WeightedDnsRecordSpec spec)
    {
        if (spec.DeletionPolicy is not (DeletionPolicies.Delete or DeletionPolicies.Retain))
        {
            yield return (RuntimeReasons.UnknownValue, $"spec.deletionPolicy '{spec.DeletionPolicy}' is not known to this version (Retain or Delete): the record sets stay in the zone, only the marks are removed");
        }
    }
}
