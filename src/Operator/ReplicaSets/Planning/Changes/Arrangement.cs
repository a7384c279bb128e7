using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning.Admission;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>Everything that rides along on a reconfig without touching votes: members that join or leave without vote, tags, settings, visibility.</summary>
internal sealed class Arrangement(PlanContext context)
{
    private readonly List<Blocker> _blockers = [];

    /// <summary>R2: a vote that the server holds back counts as one too, when it is taken away.</summary>
    private bool _changesVote;

    /// <summary>What is wanted and could not be done.</summary>
    public IReadOnlyList<Blocker> Blockers => _blockers;

    /// <summary>The configuration with tags, horizons, visibility and settings as wanted.</summary>
    public ReplicaSetConfig Adjust(ReplicaSetConfig config)
    {
        _changesVote = context.Config.Members.Any(m => (config.Members.FirstOrDefault(n => n.Id == m.Id)?.Votes ?? 0) != m.Votes);
        return config with
        {
            Members = [.. config.Members.Select(Adjust)],
            Settings = ConfigChanges.Apply(config.Settings, context.Desired.Settings),
        };
    }

    /// <summary>The configuration without members that leave and have no vote (R9).</summary>
    public ReplicaSetConfig Remove(ReplicaSetConfig config)
    {
        foreach (var leaving in context.Config.Members.Where(m => !m.IsVoter && context.Rest.Find(m.Host) is null && config.Find(m.Host) is not null))
        {
            var without = config with { Members = [.. config.Members.Where(m => m.Id != leaving.Id)] };
            if (leaving.Votes > 0 && _changesVote)
            {
                continue;
            }

            if (Redundancy.Allows(context, config, without))
            {
                _changesVote |= leaving.Votes > 0;
                config = without;
            }
            else
            {
                _blockers.Add(Redundancy.Blocker(context, leaving.Host));
            }
        }

        return config;
    }

    /// <summary>The configuration with as many new data-bearing members as may copy the data now: hidden, without vote (R3).</summary>
    public ReplicaSetConfig Add(ReplicaSetConfig config)
    {
        var places = context.Policy.MaxConcurrentInitialSyncs - context.Config.Members.Count(m => !m.ArbiterOnly && IsCopying(m.Host));
        foreach (var wanted in context.Rest.Members
            .Where(r => !r.ArbiterOnly && context.Config.Find(r.Host) is null)
            .OrderByDescending(r => r.Votes)
            .ThenByDescending(r => r.Region == context.Rest.PrimaryRegion))
        {
            if (MemberAdmission.Check(context, wanted) is { } refused)
            {
                _blockers.Add(refused);
            }
            else if (places <= 0)
            {
                _blockers.Add(new Blocker(PlanReasons.InitialSync, $"{wanted.Host} is added when another initial sync is done (reconfiguration.maxConcurrentInitialSyncs: {context.Policy.MaxConcurrentInitialSyncs})"));
            }
            else if (config.Members.Count < 50)
            {
                places--;
                config = config with { Members = [.. config.Members, Newcomer(MemberIds.Next(context.Config, config), wanted)] };
            }
        }

        return config;
    }

    private bool IsCopying(string host)
    {
        var member = context.Observed.Member(host);
        return member.Reachable && member.State is MemberState.Startup or MemberState.Startup2 or MemberState.Unknown;
    }

    private static ConfigMember Newcomer(int id, RestMember wanted) => new()
    {
        Id = id,
        Host = wanted.Host,
        Votes = 0,
        Priority = 0,
        Hidden = true,
        BuildIndexes = wanted.BuildIndexes,
        SecondaryDelaySecs = wanted.SecondaryDelaySecs,
        Tags = wanted.Tags,
        Horizons = wanted.Horizons ?? new Dictionary<string, string>(),
    };

    private ConfigMember Adjust(ConfigMember member)
    {
        if (context.Config.Find(member.Host) is not { } now)
        {
            return member;
        }

        if (now.NewlyAdded && !_changesVote && context.Config.Voters.Count() >= VoteAllocation.MaxVotes)
        {
            _changesVote = true;

            // Somebody added an eighth voter by hand: it joins like any other newcomer.
            member = member with { Votes = 0, Priority = 0, Hidden = true };
            now = member;
        }

        if (context.Rest.Find(member.Host) is not { IsRetained: false } rest)
        {
            return WithoutOtherOwner(member);
        }

        if (context.Desired.Find(member.Host) is { } wanted && RestPlan.DiffersForGood(wanted, member))
        {
            _blockers.Add(new Blocker(PlanReasons.ImmutableMemberField, RestPlan.ImmutableWords(member.Host), NeedsPerson: true));
        }

        if (MemberAdmission.OtherSet(context, member.Host) is { } foreign)
        {
            _blockers.Add(foreign);
        }

        if (member.ArbiterOnly)
        {
            return member with { Hidden = rest.Hidden, Horizons = rest.Horizons ?? member.Horizons };
        }

        var isPrimary = member.Id == context.Primary.Id;
        var settled = member.Votes == rest.Votes && !isPrimary;
        return member with
        {
            Tags = Tags(member, rest),
            Horizons = rest.Horizons ?? member.Horizons,
            SecondaryDelaySecs = settled || rest.SecondaryDelaySecs == 0 ? rest.SecondaryDelaySecs : member.SecondaryDelaySecs,
            Hidden = Hidden(member, now, rest, isPrimary),
        };
    }

    /// <summary>What stays as it is, or is about to leave, must not name another owner after a take-over: two owners are nobody's (R11).</summary>
    private ConfigMember WithoutOtherOwner(ConfigMember member) =>
        member.Tags.TryGetValue(TagNames.Owner, out var owner) && owner != context.Desired.Owner && !WriteConcernModes.Use(context.Config.Settings, TagNames.Owner)
            ? member with { Tags = new SortedDictionary<string, string>(member.Tags.ToDictionary(), StringComparer.Ordinal) { [TagNames.Owner] = context.Desired.Owner } }
            : member;

    private bool Hidden(ConfigMember member, ConfigMember now, RestMember rest, bool isPrimary)
    {
        if (rest.Hidden)
        {
            return !isPrimary;
        }

        // Hidden until it has its vote or, where it is to have none, until it has shown what R3 asks for.
        if (!member.Hidden || member.Votes == 1)
        {
            return false;
        }

        if (rest.Votes == 1 || now.Votes == 1)
        {
            return true;
        }

        if (NewcomerReadiness.Check(context, member.Host) is { } notReady)
        {
            _blockers.Add(notReady);
            return true;
        }

        return false;
    }

    private SortedDictionary<string, string> Tags(ConfigMember member, RestMember rest)
    {
        var tags = new SortedDictionary<string, string>(member.Tags.ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, value) in rest.Tags)
        {
            if (TagNames.IsPlace(name) && tags.ContainsKey(name) && context.Desired.Find(member.Host)?.TagsOfSpec.Contains(name) != true)
            {
                // Places come from the spec; what the tag says is for applications (readPreferenceTags).
                continue;
            }

            if (tags.TryGetValue(name, out var now) && now != value && WriteConcernModes.Use(context.Config.Settings, name) && WriteConcernModes.Use(ConfigChanges.Apply(context.Config.Settings, context.Desired.Settings), name))
            {
                _blockers.Add(new Blocker(
                    PlanReasons.WriteConcernUnsatisfiable,
                    $"the tag {name} of {member.Host} is {now} and a write-concern mode counts it, so it is not changed to {value}: change the mode or the tag by hand, or take the tag out of the spec",
                    NeedsPerson: true));
            }
            else
            {
                tags[name] = value;
            }
        }

        return tags;
    }
}
