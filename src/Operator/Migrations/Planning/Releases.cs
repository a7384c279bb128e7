using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Planning;

/// <summary>
/// The end of an override: per target and one-way, when the spec in Git says what the migration reached. Until then the edits are listed,
/// because a spec that snapped back would move a primary or traffic that nobody asked to move.
/// </summary>
public static class Releases
{
    // Per cent: weights that differ by rounding serve the same.
    private const decimal SameShare = 0.5m;

    /// <summary>
    /// The targets that are gone while the migration is being deleted, too: nobody is left to wait for. A replica set that is gone still
    /// counts where records are to go back: how fit the old region is cannot be known without it.
    /// </summary>
    public static IReadOnlyList<string>? WithoutTheGone(MigrationContext context)
    {
        var released = context.Status.Released;
        if (!context.IsBeingDeleted || context.Status.Override is null)
        {
            return released;
        }

        var gone = context.RecordRefs.Where(r => !context.Records.ContainsKey(r.Name)).Select(r => $"WeightedDnsRecord/{r.Name}").ToList();
        var goesBack = context.Status.RollBack is not null || context.Spec.OnDelete == "RollBack";
        if (context.ReplicaSet is null && (!goesBack || gone.Count == context.RecordRefs.Count))
        {
            gone.Add($"MongoReplicaSet/{context.Spec.ReplicaSetRef.Name}");
        }

        return gone.Except(released ?? []).Any() ? [.. (released ?? []).Union(gone)] : released;
    }

    /// <summary>Whether the target's override has ended.</summary>
    /// <param name="status">The migration's status.</param>
    /// <param name="target">As <c>MongoReplicaSet/marketplace</c>.</param>
    public static bool IsReleased(RegionMigrationStatus status, string target) => status.Released?.Contains(target) == true;

    /// <summary>
    /// The target that still follows this migration although it is released; null: none. Who vanishes before a target has read of its release
    /// leaves an override that nobody ends. One that is itself on its way out is not waited for.
    /// </summary>
    public static string? StillFollowing(MigrationContext context)
    {
        bool Follows(LatchedOverride? latched, DateTime? deletion) => deletion is null && latched?.MigrationUid == context.Uid;
        return context.ReplicaSet is { } set && Follows(set.Status?.Override, set.Metadata.DeletionTimestamp) ? $"MongoReplicaSet {set.Metadata.Name}"
            : context.ExistingRecords.FirstOrDefault(r => Follows(r.Status?.Override, r.Metadata.DeletionTimestamp)) is { } record ? $"WeightedDnsRecord {record.Metadata.Name}"
            : null;
    }

    /// <summary>The status with the edits that are missing and the targets that need none any more.</summary>
    /// <param name="context">The look.</param>
    /// <param name="known">Whether it is known what a target has reached; null: of all of them, the migration is at its end.</param>
    public static RegionMigrationStatus Update(MigrationContext context, Func<string, bool>? known = null)
    {
        var status = context.Status;
        var edits = new List<SpecEdit>();
        var released = new List<string>(status.Released ?? []);

        Account($"MongoReplicaSet/{context.Spec.ReplicaSetRef.Name}", ReplicaSetEdits(context));
        foreach (var record in context.RecordRefs)
        {
            Account($"WeightedDnsRecord/{record.Name}", RecordEdits(context, record.Name));
        }

        return status with { SpecEdits = edits, Released = released };

        void Account(string target, IReadOnlyList<SpecEdit>? missing)
        {
            if (released.Contains(target) || missing is null || known?.Invoke(target) == false)
            {
                return;
            }

            if (missing.Count == 0)
            {
                released.Add(target);
            }
            else
            {
                edits.AddRange(missing);
            }
        }
    }

    // Null: the target cannot be read now, so nothing is known and nothing is released.
    private static List<SpecEdit>? ReplicaSetEdits(MigrationContext context)
    {
        if (context.ReplicaSet is not { } replicaSet || context.Status.Override is not { } reached)
        {
            return null;
        }

        var target = $"MongoReplicaSet/{replicaSet.Metadata.Name}";
        var edits = new List<SpecEdit>();
        if (reached.PrimaryRegion is { } region && region != replicaSet.Spec.PrimaryRegion)
        {
            edits.Add(new SpecEdit { Target = target, Field = "spec.primaryRegion", From = replicaSet.Spec.PrimaryRegion, To = region });
        }

        edits.AddRange(RemovalEdits(replicaSet.Spec, reached.RetiredMembers ?? []).Select(field => new SpecEdit { Target = target, Field = field, To = "(removed)" }));

        foreach (var host in reached.VotelessMembers ?? [])
        {
            if (replicaSet.Spec.Regions.SelectMany(r => r.Members, (r, m) => (Region: r.Name, Member: m)).FirstOrDefault(p => p.Member.Host == host) is { Member: { Votes: not 0 } member } place)
            {
                edits.Add(new SpecEdit { Target = target, Field = $"spec.regions[name={place.Region}].members[host={host}].votes", From = member.Votes is { } votes ? $"{votes}" : "(derived)", To = "0" });
            }
        }

        return edits;
    }

    // A region must have members, so one that loses all of them goes as a whole.
    private static IEnumerable<string> RemovalEdits(MongoReplicaSetSpec spec, IReadOnlyList<string> retired)
    {
        foreach (var region in spec.Regions)
        {
            var leaving = region.Members.Where(m => retired.Contains(m.Host)).ToList();
            if (leaving.Count == region.Members.Count)
            {
                yield return $"spec.regions[name={region.Name}]";
                continue;
            }

            foreach (var member in leaving)
            {
                yield return $"spec.regions[name={region.Name}].members[host={member.Host}]";
            }
        }
    }

    private static List<SpecEdit>? RecordEdits(MigrationContext context, string name)
    {
        if (!context.Records.TryGetValue(name, out var record) || SteeredEndpoints.Asked(context.Status, name) is not { } reached)
        {
            return null;
        }

        // Its end is the spec's business and no edit of it will come: what becomes of the record sets, its deletionPolicy says.
        if (record.Metadata.DeletionTimestamp is not null)
        {
            return [];
        }

        var edits = record.Spec.Endpoints
            .Where(e => reached.Weights.TryGetValue(e.SetIdentifier, out var weight) && weight != e.Weight)
            .Select(e => Edit(e.SetIdentifier, $"{e.Weight}", $"{reached.Weights[e.SetIdentifier]}"))
            .ToList();
        var specified = Weights(record);
        if (WouldMove(context, record, reached, specified))
        {
            return [.. edits, .. Strangers(record, reached)];
        }

        // Under other identifiers Git may say the same of the regions already: then the edits, which do not name those, would say less.
        var edited = specified.ToDictionary(w => w.Key, w => reached.Weights.GetValueOrDefault(w.Key, w.Value), StringComparer.Ordinal);
        return WouldMove(context, record, reached, edited) ? [] : edits;

        SpecEdit Edit(string id, string? from, string to) => new()
        {
            Target = $"WeightedDnsRecord/{name}",
            Field = $"spec.endpoints[setIdentifier={id}].weight",
            From = from,
            To = to,
        };

        // What came since has no weight, and what left has its own, until the spec decides again.
        IEnumerable<SpecEdit> Strangers(WeightedDnsRecord of, RecordOverride at) =>
        [
            .. of.Spec.Endpoints.Where(e => e.Weight != 0 && !at.Weights.ContainsKey(e.SetIdentifier)).Select(e => Edit(e.SetIdentifier, $"{e.Weight}", "0")),
            .. at.Weights.Where(w => w.Value != 0 && of.Spec.Endpoints.All(e => e.SetIdentifier != w.Key)).Select(w => Edit(w.Key, "(removed)", $"{w.Value}")),
        ];
    }

    /// <summary>Whether those weights of its spec would move traffic between the two regions.</summary>
    private static bool WouldMove(MigrationContext context, WeightedDnsRecord record, RecordOverride reached, Dictionary<string, int> specified)
    {
        var endpoints = SteeredEndpoints.Of(record, reached);
        var now = TrafficWeights.PercentInNewRegion(endpoints, reached.Weights, context.Spec.From, context.Spec.To);
        var then = TrafficWeights.PercentInNewRegion(endpoints, specified, context.Spec.From, context.Spec.To);
        return now is null != then is null || (now is { } a && then is { } b && Math.Abs(a - b) > SameShare);
    }

    private static Dictionary<string, int> Weights(WeightedDnsRecord record) => record.Spec.Endpoints.ToDictionary(e => e.SetIdentifier, e => e.Weight, StringComparer.Ordinal);
}
