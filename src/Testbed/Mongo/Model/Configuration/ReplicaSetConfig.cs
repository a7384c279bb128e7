using System.Collections.Immutable;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>A replica-set config, normalised: all defaults are filled in.</summary>
internal sealed record ReplicaSetConfig
{
    public required string Name { get; init; }

    public required int Version { get; init; }

    /// <summary>Term of the primary that installed it; -1 after a forced reconfig.</summary>
    public long Term { get; init; } = -1;

    public required ImmutableArray<MemberConfig> Members { get; init; }

    public ReplicaSetSettings Settings { get; init; } = new();

    public bool ConfigServer { get; init; }

    public bool WriteConcernMajorityJournalDefault { get; init; } = true;

    public ConfigVersion VersionAndTerm => new(Version, Term);

    public IEnumerable<MemberConfig> Voters => Members.Where(member => member.IsVoter);

    public int VotingMembersCount => Members.Count(member => member.IsVoter);

    public int WritableVotingMembersCount => Members.Count(member => member.IsVoter && member.IsDataBearing);

    /// <summary>Votes that win an election.</summary>
    public int MajorityVoteCount => (VotingMembersCount / 2) + 1;

    /// <summary>Members that make a majority write.</summary>
    public int WriteMajorityCount => Math.Min(MajorityVoteCount, WritableVotingMembersCount);

    /// <summary>
    /// The write concern that applies when nobody chose one (5.0 and later): majority, except where arbiters leave too few writers.
    /// </summary>
    public bool IsImplicitDefaultMajority =>
        !Members.Any(member => member.ArbiterOnly && member.IsVoter) || WritableVotingMembersCount > MajorityVoteCount;

    public MemberConfig? FindById(int id) => Members.FirstOrDefault(member => member.Id == id);

    public MemberConfig? FindByHost(string host) => Members.FirstOrDefault(member => member.Host == host);
}
