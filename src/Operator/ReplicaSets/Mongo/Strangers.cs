using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// Tells whether what answers under a member's name is that member. A name may lead elsewhere, for the operator alone or for everybody: to a
/// member of another set, to another member of this one, to a mongod that is in no set. What that one is like says nothing of the member.
/// </summary>
internal static class Strangers
{
    /// <summary>What answers instead, in words; null: the member itself, or nobody, or one that cannot tell.</summary>
    /// <param name="host">The member's name.</param>
    /// <param name="own">What answered.</param>
    /// <param name="replicaSetId">The set's id; null: not known.</param>
    /// <param name="config">The configuration in force; null: not known.</param>
    public static string? Of(string host, MemberReplies? own, string? replicaSetId, ReplicaSetConfig? config)
    {
        if (own?.Hello.Document is not { } hello)
        {
            return null;
        }

        if (ConfigReader.ReplicaSetId(own.Config.Document.Doc("config")) is { } theirs && replicaSetId is not null && theirs != replicaSetId)
        {
            return $"a member of the set with replicaSetId {theirs}";
        }

        var status = own.Status.Document;
        if ((hello.Text("setName") ?? status.Text("set")) is { } set && config is not null && set != config.SetName)
        {
            return $"a member of replica set {set}";
        }

        if ((status.Self().Text("name") ?? hello.Text("me")) is { } name && !HostNames.Same(name, host))
        {
            return $"the member {name}";
        }

        return own.Status.Failure?.Code == MongoErrorCodes.NoReplicationEnabled ? "a standalone" : null;
    }
}
