using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>How many members have to be ready before an index build is committed: a number, <c>majority</c>, or <c>votingMembers</c>, the default.</summary>
internal static class CommitQuorum
{
    public const string VotingMembers = "votingMembers";

    /// <summary>Whether these members, who hold data and build indexes, are enough. One that builds none counts as missing.</summary>
    public static bool IsMet(BsonValue quorum, ReplicaSetConfig config, IReadOnlyCollection<MemberConfig> ready) => quorum switch
    {
        BsonString { Value: VotingMembers } => config.Voters.Where(voter => voter.IsDataBearing).All(ready.Contains),
        BsonString { Value: WriteConcern.Majority } => ready.Count(member => member.IsVoter) >= config.WriteMajorityCount,
        { IsNumeric: true } => ready.Count >= quorum.ToInt32(),
        _ => throw new CommandException(ErrorCode.UnknownReplWriteConcern, $"No write concern mode named '{quorum}' found in replica set configuration"),
    };
}
