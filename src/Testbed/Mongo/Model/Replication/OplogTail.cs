namespace Modestano.Testbed.Mongo.Model;

/// <summary>The source's side of following an oplog: answers at once, or as soon as there is something new.</summary>
internal static class OplogTail
{
    private const int LargestBatch = 5000;

    public static void Answer(MemberProcess source, OpTime after, OpTime knownCommitPoint, TimeSpan longestWait, Action<FetchReply> respond)
    {
        var outcome = Outcome(source, after);
        if (outcome != FetchOutcome.Entries || HasNews(source, after, knownCommitPoint))
        {
            respond(Reply(source, outcome, after));
            return;
        }

        var answered = false;
        ProcessTimer? limit = null;
        limit = source.After(longestWait, Finish);
        source.Applier.Applied += Look;
        source.CommitPoint.Moved += Look;
        source.Topology.Changed += Look;

        void Look()
        {
            if (Outcome(source, after) != FetchOutcome.Entries || HasNews(source, after, knownCommitPoint))
            {
                Finish();
            }
        }

        void Finish()
        {
            if (answered)
            {
                return;
            }

            answered = true;
            limit?.Cancel();
            source.Applier.Applied -= Look;
            source.CommitPoint.Moved -= Look;
            source.Topology.Changed -= Look;
            respond(Reply(source, Outcome(source, after), after));
        }
    }

    private static bool HasNews(MemberProcess source, OpTime after, OpTime knownCommitPoint) =>
        source.Disk.Oplog.Last > after || source.CommitPoint.Value > knownCommitPoint;

    private static FetchOutcome Outcome(MemberProcess source, OpTime after)
    {
        if (!source.Topology.State.IsReadable() || source.Disk.NeedsInitialSync)
        {
            return FetchOutcome.NotReadable;
        }

        var oplog = source.Disk.Oplog;
        return oplog.Contains(after) ? FetchOutcome.Entries
            : oplog.Last < after ? FetchOutcome.Behind
            : oplog.First > after ? FetchOutcome.TooStale
            : FetchOutcome.Diverged;
    }

    private static FetchReply Reply(MemberProcess source, FetchOutcome outcome, OpTime after) => new(
        outcome,
        outcome == FetchOutcome.Entries ? source.Disk.Oplog.After(after, LargestBatch) : [],
        source.Disk.Oplog.Last,
        source.CommitPoint.Value,
        source.Topology.Term,
        source.Topology.PrimaryId,
        source.Topology.IsLeader,
        source.Fetcher.Source);
}
