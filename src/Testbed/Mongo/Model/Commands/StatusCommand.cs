using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary><c>replSetGetStatus</c>.</summary>
internal static class StatusCommand
{
    public static void Run(CommandContext context)
    {
        var config = ConfigCommands.Require(context);
        var process = context.Process;
        if (process.Topology.Self is null)
        {
            throw new CommandException(ErrorCode.InvalidReplicaSetConfig, "Our replica set config is invalid or we are not a member of it");
        }

        var status = new BsonDocument
        {
            { "set", config.Name },
            { "date", process.Now },
            { "myState", (int)process.Topology.State },
            { "term", process.Topology.Term },
        };
        status.Add("tooStale", true, process.Fetcher.IsTooStale);
        status
            .Add("syncSourceHost", SyncSourceOf(process))
            .Add("syncSourceId", IdOf(config, SyncSourceOf(process)))
            .Add("heartbeatIntervalMillis", (long)config.Settings.HeartbeatIntervalMillis)
            .Add("majorityVoteCount", config.MajorityVoteCount)
            .Add("writeMajorityCount", config.WriteMajorityCount)
            .Add("votingMembersCount", config.VotingMembersCount)
            .Add("writableVotingMembersCount", config.WritableVotingMembersCount)
            .Add("optimes", OpTimes(process))
            .Add("lastStableRecoveryTimestamp", process.CommitPoint.Value.Timestamp);
        // Only while it lasts, also when the command asks for it (seen).
        if (process.InitialSync is { IsRunning: true, Attempt: { } attempt })
        {
            status.Add("initialSyncStatus", InitialSyncStatus.Of(process, attempt));
        }

        if (process.Topology.IsLeader && process.StepUp.Record is { } record)
        {
            status.Add("electionCandidateMetrics", CandidateMetrics(process, record));
        }

        if (process.Votes.Last is { } vote)
        {
            status.Add("electionParticipantMetrics", ParticipantMetrics(vote));
        }

        status.Add("members", new BsonArray(config.Members.Select(member => member.Host == process.Host
            ? MemberStatus.OfSelf(process, config, member)
            : MemberStatus.OfOther(process, config, process.Views.FindById(member.Id)!))));
        context.Reply(status);
    }

    public static int IdOf(ReplicaSetConfig config, string host) => config.FindByHost(host)?.Id ?? -1;

    public static string SyncSourceOf(MemberProcess process) =>
        process.InitialSync.IsRunning ? process.InitialSync.Attempt?.Source ?? "" : process.Fetcher.Source ?? "";

    private static BsonDocument OpTimes(MemberProcess process)
    {
        // An arbiter has no data: what it learnt of the commit point stands for what it applied.
        var isArbiter = process.Topology.Self!.ArbiterOnly;
        var applied = isArbiter ? process.CommitPoint.Value : process.Applier.LastApplied;
        var appliedWall = isArbiter ? process.CommitPoint.Wall : process.Disk.Oplog.LastEntry?.Wall ?? DateTime.UnixEpoch;
        var committed = process.CommitPoint.Value;
        var times = new BsonDocument { { "lastCommittedOpTime", committed.ToBson() }, { "lastCommittedWallTime", process.CommitPoint.Wall } };
        if (!committed.IsNone)
        {
            times.Add("readConcernMajorityOpTime", committed.ToBson());
        }

        return times
            .Add("appliedOpTime", applied.ToBson())
            .Add("durableOpTime", process.Applier.LastDurable.ToBson())
            .Add("lastAppliedWallTime", appliedWall)
            .Add("lastDurableWallTime", process.Applier.LastDurableWall);
    }

    private static BsonDocument CandidateMetrics(MemberProcess process, ElectionRecord record)
    {
        var metrics = new BsonDocument
        {
            { "lastElectionReason", record.Reason },
            { "lastElectionDate", record.ElectedAt },
            { "electionTerm", record.Term },
            { "lastCommittedOpTimeAtElection", record.CommittedAtElection.ToBson() },
            { "lastSeenOpTimeAtElection", record.AppliedAtElection.ToBson() },
            { "numVotesNeeded", record.VotesNeeded },
            { "priorityAtElection", record.Priority },
            { "electionTimeoutMillis", record.ElectionTimeoutMillis },
        };
        if (record.PriorPrimaryId is { } prior)
        {
            metrics.Add("priorPrimaryMemberId", prior);
        }

        if (process.Topology.Config!.Members.Length > 1)
        {
            metrics.Add("numCatchUpOps", 0L);
        }

        if (record.NewTermStart is { } started)
        {
            metrics.Add("newTermStartDate", started);
        }

        if (record.MajorityAvailable is { } available)
        {
            metrics.Add("wMajorityWriteAvailabilityDate", available);
        }

        return metrics;
    }

    private static BsonDocument ParticipantMetrics(VoteRecord vote)
    {
        var metrics = new BsonDocument
        {
            { "votedForCandidate", vote.Granted },
            { "electionTerm", vote.Term },
            { "lastVoteDate", vote.At },
            { "electionCandidateMemberId", vote.CandidateId },
            { "voteReason", vote.Reason },
            { "lastAppliedOpTimeAtElection", vote.LastApplied.ToBson() },
            { "maxAppliedOpTimeInSet", vote.NewestInSet.ToBson() },
            { "priorityAtElection", vote.Priority },
        };
        if (vote is { NewTermStart: { } started, NewTermApplied: { } applied })
        {
            metrics.Add("newTermStartDate", started).Add("newTermAppliedDate", applied);
        }

        return metrics;
    }
}
