using System.Collections.Immutable;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>Rules for going from one config to the next, and for the first one.</summary>
internal static class ReconfigRules
{
    /// <summary>
    /// The config as the server installs it: the id of the set is kept, new voting members are marked newlyAdded, marks are kept.
    /// </summary>
    public static ReplicaSetConfig Complete(ReplicaSetConfig current, ReplicaSetConfig wanted, Release release)
    {
        if (wanted.Members.Any(member => member.NewlyAdded))
        {
            throw ConfigFields.Invalid("Cannot provide newlyAdded field to member config during reconfig.");
        }

        return wanted with
        {
            Settings = wanted.Settings with { ReplicaSetId = wanted.Settings.ReplicaSetId ?? current.Settings.ReplicaSetId },
            Members = [.. wanted.Members.Select(member => member with { NewlyAdded = release.Has(Trait.NewlyAdded) && IsNewlyAdded(current, member) })],
        };
    }

    /// <summary>Refuses what does not follow from the current config; the checks stand in the server's order.</summary>
    public static void Check(ReplicaSetConfig current, ReplicaSetConfig next, Release release, bool severalArbiters, bool force, bool defaultWriteConcernIsSet)
    {
        Refuse(ConfigValidator.Complaint(next, release, current.ConfigServer ? MemberOptions.ConfigServer : null, severalArbiters));
        if (release.Has(Trait.NoLastErrorDefaults) && next.Settings.GetLastErrorDefaults != ReplicaSetSettings.NoLastErrorDefaults)
        {
            throw new CommandException(
                (ErrorCode)5624102,
                "Failed to reconfig: Replica set config contains customized getLastErrorDefaults, which has been deprecated and is now ignored. " +
                "Use setDefaultRWConcern instead to set a cluster-wide default writeConcern.");
        }

        Refuse(IdentityComplaint(current, next));
        if (next.VersionAndTerm <= current.VersionAndTerm)
        {
            Refuse("New replica set configuration version and term must be greater than old, but " +
                $"{next.VersionAndTerm} is not greater than {current.VersionAndTerm} for replica set {next.Name}");
        }

        Refuse(next.Members.Select(member => MemberComplaint(current, next, member)).FirstOrDefault(complaint => complaint is not null));
        if (release.Has(Trait.TwoStepPsa))
        {
            Refuse(PsaComplaint(current, next, release));
        }

        if (!force && VoteChanges(current, next) > 1)
        {
            Refuse("Non force replica set reconfig can only add or remove at most 1 voting member.");
        }

        // A forced one too (replication_coordinator_impl.cpp).
        if (release.Has(Trait.ImplicitMajority) && !defaultWriteConcernIsSet && current.IsImplicitDefaultMajority != next.IsImplicitDefaultMajority)
        {
            Refuse("Reconfig attempted to install a config that would change the implicit default write concern. " +
                "Use the setDefaultRWConcern command to set a cluster-wide write concern and try the reconfig again.");
        }
    }

    /// <summary>Members that gain or lose their vote, joining and leaving included; newlyAdded ones do not count.</summary>
    public static int VoteChanges(ReplicaSetConfig current, ReplicaSetConfig next)
    {
        var before = current.Voters.Select(member => member.Id).ToImmutableHashSet();
        return before.SymmetricExcept(next.Voters.Select(member => member.Id)).Count;
    }

    private static bool IsNewlyAdded(ReplicaSetConfig current, MemberConfig member)
    {
        if (member.ArbiterOnly)
        {
            return false;
        }

        // A member keeps its mark, also while it has no vote (seen: two such members got their votes back in one reconfig).
        return current.FindById(member.Id) is { } known ? known.NewlyAdded : member.Votes > 0;
    }

    private static string? IdentityComplaint(ReplicaSetConfig current, ReplicaSetConfig next) =>
        current.Settings.ReplicaSetId != next.Settings.ReplicaSetId
            ? $"New and old configurations differ in replica set ID; old was {current.Settings.ReplicaSetId}, " +
              $"and new is {next.Settings.ReplicaSetId}"
            : null;

    private static string? MemberComplaint(ReplicaSetConfig current, ReplicaSetConfig next, MemberConfig member)
    {
        if (current.FindByHost(member.Host) is not { } known)
        {
            return null;
        }

        if (known.Id != member.Id)
        {
            return $"New and old configurations both have members with host of {member.Host} but in the new configuration the _id field is " +
                $"MemberId({member.Id}) and in the old configuration it is MemberId({known.Id}) for replica set {next.Name}";
        }

        var changed = known.BuildIndexes != member.BuildIndexes ? "buildIndexes"
            : known.ArbiterOnly != member.ArbiterOnly ? "arbiterOnly"
            : null;
        return changed is null
            ? null
            : $"New and old configurations differ in the setting of the {changed} field for member {member.Host}; " +
              "to make this change, remove then re-add the member";
    }

    /// <summary>
    /// With fewer writers among the old voters than win an election, a lagging secondary could be elected by the arbiter and roll back what was
    /// acknowledged (SERVER-55376, repl_set_config_checks.cpp). Votes and priorities count as written, newlyAdded or not, forced or not.
    /// </summary>
    private static string? PsaComplaint(ReplicaSetConfig current, ReplicaSetConfig next, Release release)
    {
        var voters = current.Members.Count(member => member.Votes > 0);
        var writers = voters - current.Members.Count(member => member.ArbiterOnly);
        var isPsa = next.Members.Length == 3 && next.Members.Count(member => member.ArbiterOnly) == 1;
        if (writers >= (voters / 2) + 1 || !isPsa || next.Members.Count(member => member.Priority > 0) < 2)
        {
            return null;
        }

        return "Rejecting reconfig where the new config has a PSA topology and the secondary is electable, but the old config contains only one writable node" +
            (release.Has(Trait.PsaRefusalNamesPage)
                ? ". Refer to https://docs.mongodb.com/manual/reference/method/rs.reconfigForPSASet/ for next steps on reconfiguring a PSA set."
                : "");
    }

    private static void Refuse(string? complaint)
    {
        if (complaint is not null)
        {
            throw new CommandException(ErrorCode.NewReplicaSetConfigurationIncompatible, complaint);
        }
    }
}
