namespace Modestano.Testbed.Mongo.Model;

/// <summary>Chooses the member to pull the oplog from: one that is ahead, readable and near.</summary>
internal sealed class SyncSourceChooser(MemberProcess process)
{
    private static readonly TimeSpan LargestLag = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan NearerBy = TimeSpan.FromMilliseconds(5);
    private const int MostChangesForPing = 3;

    private readonly Dictionary<string, TimeSpan> deniedUntil = [];
    private readonly List<TimeSpan> changesForPing = [];

    /// <summary>Host that <c>replSetSyncFrom</c> asked for; used once.</summary>
    public string? Forced { get; set; }

    public void Deny(string host, TimeSpan duration) => deniedUntil[host] = process.Elapsed + duration;

    /// <param name="after">Position that the source must be ahead of; null for an initial sync, which takes any source with data.</param>
    public string? Choose(OpTime? after)
    {
        if (Forced is { } forced)
        {
            Forced = null;
            return forced;
        }

        var config = process.Topology.Config!;
        if (!config.Settings.ChainingAllowed)
        {
            return process.Topology.PrimaryId is { } id && process.Views.FindById(id) is { } primary && IsCandidate(primary, after, strict: false)
                ? primary.Config.Host
                : null;
        }

        return Nearest(after, strict: true) ?? Nearest(after, strict: false);
    }

    /// <summary>Whether a better source should be looked for after a batch.</summary>
    public bool ShouldLeave(string source, FetchReply reply, OpTime fetched)
    {
        if (Forced is not null)
        {
            return true;
        }

        if (process.Views.FindByHost(source) is not { } view)
        {
            return true;
        }

        if (!process.Topology.Config!.Settings.ChainingAllowed && !reply.IsPrimary && process.Topology.PrimaryId is not null)
        {
            return true;
        }

        // A source that leads nothing, follows nobody and has nothing new leads nowhere.
        if (!reply.IsPrimary && reply.SyncSource is null && reply.SourceLast <= fetched)
        {
            return true;
        }

        if (IsNearerKnown(view, fetched))
        {
            return true;
        }

        var limit = reply.SourceLast.Seconds + LargestLag.TotalSeconds;
        return process.Views.All.Any(other =>
            other != view && IsCandidate(other, fetched, strict: true) && other.HeartbeatApplied.Seconds > limit);
    }

    /// <summary>A source is left for one that is nearer by more than 5 ms, a few times an hour at most.</summary>
    private bool IsNearerKnown(MemberView source, OpTime fetched)
    {
        if (!process.Release.Has(Trait.NearerSyncSource) || source.Ping is not { } ping || process.Topology.PrimaryId is null)
        {
            return false;
        }

        changesForPing.RemoveAll(at => process.Elapsed - at > TimeSpan.FromHours(1));
        if (changesForPing.Count >= MostChangesForPing ||
            !process.Views.All.Any(other => other != source && IsCandidate(other, fetched, strict: true) && ping - other.Ping > NearerBy))
        {
            return false;
        }

        changesForPing.Add(process.Elapsed);
        return true;
    }

    private string? Nearest(OpTime? after, bool strict) => process.Views.All
        .Where(view => IsCandidate(view, after, strict))
        .OrderBy(view => view.Ping ?? TimeSpan.MaxValue)
        .Select(view => view.Config.Host)
        .FirstOrDefault();

    private bool IsCandidate(MemberView view, OpTime? after, bool strict)
    {
        var self = process.Topology.Self!;
        if (view.IsUp != true || !view.State.IsReadable() || deniedUntil.GetValueOrDefault(view.Config.Host) > process.Elapsed)
        {
            return false;
        }

        if (self.BuildIndexes && !view.Config.BuildIndexes)
        {
            return false;
        }

        // Where no voter will do, a voter follows a member without a vote all the same.
        if (strict && self.IsVoter && !view.Config.IsVoter)
        {
            return false;
        }

        if (strict && (view.Config.Hidden || view.Config.DelaySeconds > self.DelaySeconds || IsTooFarBehind(view)))
        {
            return false;
        }

        return after is { } position ? view.HeartbeatApplied > position : !view.HeartbeatApplied.IsNone;
    }

    private bool IsTooFarBehind(MemberView view) =>
        process.Topology.PrimaryId is { } id && process.Views.FindById(id) is { } primary &&
        view.HeartbeatApplied.Seconds + LargestLag.TotalSeconds < primary.HeartbeatApplied.Seconds;
}
