using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Topology;
using MongoDB.Bson;

namespace Modestano.Scenarios.Simulation;

/// <summary>Everything in a configuration document that the spec does not set must go through a reconfig untouched.</summary>
internal static class UnmanagedFields
{
    private static readonly HashSet<string> OfDocument = ["version", "term", "members", "settings"];
    private static readonly HashSet<string> OfMember = ["votes", "priority", "hidden", "tags", "horizons", "secondaryDelaySecs", "slaveDelay", "newlyAdded"];

    public static IEnumerable<string> Changed(BsonDocument before, BsonDocument after, MongoReplicaSetSpec spec, RestPlan rest)
    {
        var managedSettings = Managed(spec.Settings);
        foreach (var difference in Different(before, after, OfDocument).Concat(Different(before["settings"].AsBsonDocument, after["settings"].AsBsonDocument, managedSettings)))
        {
            yield return $"unmanaged field {difference} changes";
        }

        foreach (var member in before["members"].AsBsonArray.Select(m => m.AsBsonDocument))
        {
            if (after["members"].AsBsonArray.FirstOrDefault(m => m["_id"] == member["_id"] && m["host"] == member["host"]) is not BsonDocument now)
            {
                continue;
            }

            var managedTags = rest.Find(member["host"].AsString)?.Tags.Keys.ToHashSet() ?? [];
            foreach (var difference in Different(member, now, OfMember).Concat(Different(member["tags"].AsBsonDocument, now.GetValue("tags", new BsonDocument()).AsBsonDocument, managedTags)))
            {
                yield return $"unmanaged field {difference} of {member["host"]} changes";
            }
        }
    }

    private static HashSet<string> Managed(ReplicaSetSettings? settings)
    {
        HashSet<string> managed = [];
        if (settings?.ChainingAllowed is not null)
        {
            managed.Add("chainingAllowed");
        }

        if (settings?.ElectionTimeoutMillis is not null)
        {
            managed.Add("electionTimeoutMillis");
        }

        return managed;
    }

    private static IEnumerable<string> Different(BsonDocument before, BsonDocument after, HashSet<string> managed) =>
        before.Names.Union(after.Names).Where(name => !managed.Contains(name) && before.GetValue(name, BsonNull.Value) != after.GetValue(name, BsonNull.Value));
}
