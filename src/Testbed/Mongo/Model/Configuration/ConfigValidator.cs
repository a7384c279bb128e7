namespace Modestano.Testbed.Mongo.Model;

/// <summary>Rules that a config must keep by itself. Returns the complaint, or null.</summary>
internal static class ConfigValidator
{
    private const int MostMembers = 50;
    private const int MostVoters = 7;

    public static string? Complaint(ReplicaSetConfig config, Release release, string? clusterRole, bool severalArbiters)
    {
        if (config.Members.Length is 0 or > MostMembers)
        {
            // The two blanks are the server's.
            return $"Replica set configuration contains {config.Members.Length} members, " +
                $"but must have at least 1 and no more than  {MostMembers}";
        }

        return DuplicateComplaint(config)
            ?? LocalhostComplaint(config)
            ?? ArbiterComplaint(config)
            ?? VoterComplaint(config)
            ?? (release.Has(Trait.OneArbiter) && !severalArbiters && config.Members.Count(member => member.ArbiterOnly) > 1
                ? "Multiple arbiters are not allowed unless all nodes were started with with --setParameter 'allowMultipleArbiters=true'"
                : null)
            ?? RoleComplaint(config, clusterRole == MemberOptions.ConfigServer);
    }

    private static string? RoleComplaint(ReplicaSetConfig config, bool isConfigServer) => (config.ConfigServer, isConfigServer) switch
    {
        (true, false) => "Nodes being used for config servers must be started with the --configsvr flag",
        (false, true) => "Nodes started with the --configsvr flag must have configsvr:true in their config",
        _ => null,
    };

    private static string? DuplicateComplaint(ReplicaSetConfig config)
    {
        for (var i = 0; i < config.Members.Length; i++)
        {
            for (var j = i + 1; j < config.Members.Length; j++)
            {
                if (config.Members[i].Id == config.Members[j].Id)
                {
                    return "Found two member configurations with same _id field, " +
                        $"members.{i}._id == members.{j}._id == MemberId({config.Members[i].Id})";
                }

                if (config.Members[i].Host == config.Members[j].Host)
                {
                    return "Found two member configurations with same host field, " +
                        $"members.{i}.host == members.{j}.host == {config.Members[i].Host}";
                }
            }
        }

        return null;
    }

    private static string? LocalhostComplaint(ReplicaSetConfig config)
    {
        var local = config.Members.Count(member => HostAndPort.IsLocalhost(member.Host));
        return local > 0 && local < config.Members.Length
            ? "Either all host names in a replica set configuration must be localhost references, or none must be; " +
              $"found {local} out of {config.Members.Length}"
            : null;
    }

    private static string? ArbiterComplaint(ReplicaSetConfig config) => config.Members
        .Where(member => member is { ArbiterOnly: true, Priority: > 0 })
        .Select(member => FormattableString.Invariant(
            $"Member {member.Host} is an arbiter but has priority {member.Priority:R}. Arbiter priority must be 0."))
        .FirstOrDefault();

    private static string? VoterComplaint(ReplicaSetConfig config)
    {
        if (config.VotingMembersCount is 0 or > MostVoters)
        {
            return $"Replica set configuration contains {config.VotingMembersCount} voting members, " +
                $"but must be at least 1 and no more than {MostVoters}";
        }

        return config.Members.Any(member => member.IsElectable)
            ? null
            : "Replica set configuration must contain at least one non-arbiter member with priority > 0";
    }
}
