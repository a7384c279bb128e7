namespace Modestano.Testbed.Mongo.Model;

/// <summary>One member's position, as it travels up the chain of sync sources.</summary>
internal readonly record struct PositionReport(int MemberId, OpTime Applied, DateTime AppliedWall, OpTime Durable, DateTime DurableWall);

/// <summary>
/// Tells the sync source how far this member and those behind it are, one report at a time; a report that finds nothing new ends there.
/// </summary>
internal sealed class ProgressReporter(MemberProcess process)
{
    private bool isReporting;
    private bool isDirty;
    private ProcessTimer? keepAlive;

    /// <summary>Something moved here or downstream.</summary>
    public void Report()
    {
        if (process.Topology.IsLeader || process.Fetcher.Source is not { } source || process.Topology.Self is not { } self)
        {
            return;
        }

        isDirty = true;
        if (!isReporting)
        {
            Send(source, self);
        }
    }

    /// <summary>The sync source changed: a report to the old one may never be answered.</summary>
    public void Restart()
    {
        isReporting = false;
        Report();
    }

    /// <param name="term">
    /// Term of the member that reports: what a member applied after it voted in a newer term must not count for the old one, so the old
    /// primary steps down first.
    /// </param>
    /// <param name="reports">Positions, the reporting member's first.</param>
    public void Take(long term, IReadOnlyList<PositionReport> reports)
    {
        process.Topology.NoteTerm(term);
        var moved = false;
        foreach (var report in reports)
        {
            if (process.Views.FindById(report.MemberId) is { } view)
            {
                view.LastSign = process.Elapsed;
                moved |= view.NotePosition(report.Applied, report.AppliedWall, report.Durable, report.DurableWall);
            }
        }

        if (!moved)
        {
            return;
        }

        if (process.Topology.IsLeader)
        {
            process.CommitPoint.Recompute();
            process.WriteConcerns.Check();
            process.StepDown.Check();
        }
        else
        {
            Report();
        }
    }

    private void Send(string source, MemberConfig self)
    {
        isReporting = true;
        isDirty = false;
        keepAlive?.Cancel();
        var reports = new List<PositionReport>
        {
            new(
                self.Id,
                process.Applier.LastApplied,
                process.Disk.Oplog.LastEntry?.Wall ?? DateTime.UnixEpoch,
                process.Applier.LastDurable,
                process.Applier.LastDurableWall),
        };
        reports.AddRange(process.Views.All
            .Where(view => !view.Applied.IsNone && view.Config.Host != source)
            .Select(view => new PositionReport(view.Config.Id, view.Applied, view.AppliedWall, view.Durable, view.DurableWall)));
        var term = process.Topology.Term;
        process.Call<bool>(
            source,
            process.Topology.Config!.Settings.HeartbeatTimeout,
            (target, respond) =>
            {
                target.Progress.Take(term, reports);
                respond(true);
            },
            _ => Sent(source),
            _ => Sent(source));
    }

    private void Sent(string source)
    {
        if (process.Fetcher.Source != source)
        {
            return;
        }

        isReporting = false;
        if (isDirty)
        {
            Report();
        }
        else if (process.Topology.Config is { } config)
        {
            keepAlive = process.After(config.Settings.ElectionTimeout / 2, Report);
        }
    }
}
