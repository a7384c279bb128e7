using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning.Situations;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>R11 beyond one object: which of two objects of this cluster manages a set, and whom an object may follow.</summary>
internal sealed class Rivals(IEntityCache<MongoReplicaSet> cache, IClusterIdentity cluster, MongoConnectionOptions options)
{
    /// <summary>Who an object is, and whom it may follow.</summary>
    public async Task<OwnIdentity> IdentityAsync(MongoReplicaSet set, CancellationToken cancellationToken)
    {
        var identity = await cluster.GetAsync(cancellationToken);
        return new OwnIdentity(OwnerOf(set, identity), MayFollow(set, identity));
    }

    /// <summary>
    /// Why another object of this cluster manages the set; null: none does. Its owner's tag alone decides: what an object says in its status, and
    /// how old it is, is in the hands of whoever wrote it.
    /// </summary>
    public async Task<string?> RefusalAsync(MongoReplicaSet set, ObservedReplicaSet observed, CancellationToken cancellationToken) =>
        Refusal(set, observed, await cluster.GetAsync(cancellationToken));

    private static string OwnerOf(MongoReplicaSet set, string cluster) => $"{cluster}/{set.Metadata.NamespaceProperty}/{set.Metadata.Name}";

    /// <summary>The former owners that the object names, as far as somebody other than itself allows it.</summary>
    private IReadOnlyList<string> MayFollow(MongoReplicaSet set, string cluster)
    {
        if (set.Spec.Reconfiguration.PreviousOwner is not { } previous)
        {
            return [];
        }

        var key = ObjectKey.Of(set);
        var isReleased = ChangeOfOwner.Local(previous, cluster) is var (space, name) && cache.Find(new ObjectKey(space, name)) is { } former
            && former.GetAnnotation(Annotations.ReleaseTo) == key.ToString();
        return isReleased || options.Grants.MayFollow(key.Namespace, previous) ? [previous] : [];
    }

    private string? Refusal(MongoReplicaSet set, ObservedReplicaSet observed, string cluster)
    {
        var owners = observed.Config is { } config ? Ownership.Owners(config) : [];
        if (owners.Contains(OwnerOf(set, cluster)))
        {
            return null;
        }

        var follows = MayFollow(set, cluster);
        var rival = owners.Where(o => !follows.Contains(o)).Select(o => ChangeOfOwner.Local(o, cluster)).OfType<(string Namespace, string Name)>()
            .Select(o => cache.Find(new ObjectKey(o.Namespace, o.Name))).FirstOrDefault(o => o is not null && Names(o, observed));
        return rival is null ? null
            : rival.Metadata.NamespaceProperty == set.Metadata.NamespaceProperty ? $"MongoReplicaSet {rival.Metadata.Name} manages this replica set already: delete one of the two objects"
            : "a MongoReplicaSet of another namespace manages this replica set already: delete this one, or see spec.reconfiguration.previousOwner";
    }

    // A set that was restored from a snapshot carries its model's tags on hosts of its own, which the model's object does not manage.
    private static bool Names(MongoReplicaSet rival, ObservedReplicaSet observed) =>
        rival.Spec.Regions.SelectMany(r => r.Members).Any(m => observed.Config!.Members.Any(c => HostNames.Same(c.Host, m.Host)));
}

/// <summary>Who an object is to the members of a set (R11).</summary>
/// <param name="Owner">What its owner tag says: <c>cluster/namespace/name</c>.</param>
/// <param name="MayFollow">The former owners whom it may follow.</param>
internal sealed record OwnIdentity(string Owner, IReadOnlyList<string> MayFollow);
