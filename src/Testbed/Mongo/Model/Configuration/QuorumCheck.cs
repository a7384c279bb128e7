namespace Modestano.Testbed.Mongo.Model;

/// <summary>Asks the members of a proposed config whether they are there, before it is installed.</summary>
internal sealed class QuorumCheck
{
    /// <summary>How long a majority waits for members that may still refuse.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);

    private readonly MemberProcess process;
    private readonly ReplicaSetConfig config;
    private readonly bool initiate;
    private readonly Action<CommandException?> done;
    private readonly List<string> voters = [];
    private readonly List<string> failures = [];
    private int outstanding;
    private bool isOver;

    private QuorumCheck(MemberProcess process, ReplicaSetConfig config, bool initiate, Action<CommandException?> done)
    {
        this.process = process;
        this.config = config;
        this.initiate = initiate;
        this.done = done;
    }

    /// <param name="process">The member that proposes.</param>
    /// <param name="config">The proposed config.</param>
    /// <param name="initiate">An initiate needs every member, and empty ones; a reconfig a majority of the voters.</param>
    /// <param name="done">Called with null, or with the error.</param>
    public static void Run(MemberProcess process, ReplicaSetConfig config, bool initiate, Action<CommandException?> done) =>
        new QuorumCheck(process, config, initiate, done).Start();

    private void Start()
    {
        if (config.FindByHost(process.Host) is { IsVoter: true })
        {
            voters.Add(process.Host);
        }

        var others = config.Members.Where(member => member.Host != process.Host).ToArray();
        outstanding = others.Length;
        foreach (var member in others)
        {
            Ask(member);
        }

        Decide();
    }

    private void Ask(MemberConfig member)
    {
        var request = new HeartbeatRequest(
            config.Name, process.Host, config.FindByHost(process.Host)?.Id ?? -1, process.Topology.Term, ConfigVersion.None, null,
            process.Member.Options.KeyFile);
        process.Call<HeartbeatReply>(
            member.Host,
            config.Settings.HeartbeatTimeout,
            (target, respond) => respond(target.HeartbeatResponder.Answer(request)),
            reply => Take(member, reply),
            failure => Fail(member, failure.Message));
    }

    private void Take(MemberConfig member, HeartbeatReply reply)
    {
        if (isOver)
        {
            return;
        }

        if (reply.Complaint is { Code: ErrorCode.NewReplicaSetConfigurationIncompatible })
        {
            End(new CommandException(
                ErrorCode.NewReplicaSetConfigurationIncompatible,
                $"Our set name did not match that of the request target, requestTarget:{member.Host}"));
            return;
        }

        if (!reply.IsAuthenticated || reply.Complaint is not null)
        {
            Fail(member, reply.Complaint?.Message ?? "Authentication failed.");
            return;
        }

        if (initiate && reply.HasData)
        {
            End(new CommandException(ErrorCode.CannotInitializeNodeWithData, $"'{member.Host}' has data already, cannot initiate set."));
            return;
        }

        if (!initiate && reply.ReplicaSetId == config.Settings.ReplicaSetId && reply.ConfigVersion > config.VersionAndTerm)
        {
            End(new CommandException(
                ErrorCode.NewReplicaSetConfigurationIncompatible,
                $"Our config version and term of {config.VersionAndTerm} is no larger than the version and term on {member.Host}, " +
                $"which is {reply.ConfigVersion}"));
            return;
        }

        outstanding--;
        if (member.IsVoter)
        {
            voters.Add(member.Host);
        }

        Decide();
    }

    private void Fail(MemberConfig member, string why)
    {
        if (!isOver)
        {
            outstanding--;
            failures.Add($"{member.Host} failed with {why}");
            Decide();
        }
    }

    private void Decide()
    {
        if (isOver)
        {
            return;
        }

        var hasMajority = !initiate && voters.Count >= config.MajorityVoteCount;
        if (outstanding > 0)
        {
            if (hasMajority && process.Release.Has(Trait.QuickQuorumCheck))
            {
                process.After(Grace, () => End(null));
            }

            return;
        }

        if (hasMajority)
        {
            End(null);
            return;
        }

        End(failures.Count == 0 && initiate ? null : new CommandException(ErrorCode.NodeNotFound, initiate
            ? "replSetInitiate quorum check failed because not all proposed set members responded affirmatively: " + string.Join(", ", failures)
            : $"Quorum check failed because not enough voting nodes responded; required {config.MajorityVoteCount} but only the following " +
              $"{voters.Count} voting nodes responded: {string.Join(", ", voters)}; " +
              $"the following nodes did not respond affirmatively: {string.Join(", ", failures)}"));
    }

    private void End(CommandException? error)
    {
        if (!isOver)
        {
            isOver = true;
            done(error);
        }
    }
}
