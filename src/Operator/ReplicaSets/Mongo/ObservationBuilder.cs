using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>Merges the raw replies of one pass into one observation. Pure.</summary>
public static class ObservationBuilder
{
    /// <summary>Merges.</summary>
    /// <param name="replies">One entry for each member that was asked.</param>
    /// <param name="wantedHosts">The hosts of the spec.</param>
    /// <param name="knownReplicaSetId">The set that the object belongs to; null: not known yet.</param>
    /// <param name="at">When the reading ended.</param>
    public static ObservedReplicaSet Build(
        IReadOnlyList<MemberReplies> replies,
        IReadOnlyCollection<string> wantedHosts,
        string? knownReplicaSetId,
        DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(replies);
        ArgumentNullException.ThrowIfNull(wantedHosts);
        var spelling = ReplySpelling.Of(replies);
        replies = replies.As(spelling);
        wantedHosts = [.. wantedHosts.Select(h => h.As(spelling)).Distinct(HostNames.Comparer)];
        var id = knownReplicaSetId ?? MostCommonReplicaSetId(replies, wantedHosts);
        var insiders = replies.Where(r => r.Status.Document is not null && ReplicaSetId(r) == id).ToList();
        var primary = Primary(insiders);
        var authority = primary ?? insiders.OrderByDescending(r => ConfigAge(r)).FirstOrDefault();
        var config = authority is null ? null : Config(authority, primary is not null);
        var hosts = (config?.Members.Select(m => m.Host) ?? replies.Select(r => r.Host)).Concat(wantedHosts).ToHashSet(StringComparer.Ordinal);
        var seenBy = SeenHealthyBy(insiders);
        return new ObservedReplicaSet
        {
            At = at,
            ReplicaSetId = id,
            SetName = config?.SetName ?? insiders.Select(r => r.Status.Document.Text("set")).FirstOrDefault(name => name is not null),
            Primary = primary?.Host ?? PrimaryOfOthers(insiders, replies, config),
            Term = insiders.Max(r => r.Status.Document.Whole("term")),
            Config = config,
            DefaultWriteConcern = primary is null ? insiders.Select(WriteConcern).OfType<ObservedWriteConcern>().OrderBy(w => w.IsExplicit).FirstOrDefault() : WriteConcern(primary),
            Members = hosts.ToDictionary(
                h => h,
                h => Read(h, replies.FirstOrDefault(r => r.Host == h)),
                StringComparer.Ordinal),
            PrimaryViews = [.. insiders.Concat(Arbiters(replies, config)).Select(r => new PrimaryView(r.Host, PrimarySeenBy(r), r.Status.Document.Whole("term")))],
            MajorityWritesAfter = MajorityWritesAfter(primary),
            DataBytes = primary?.Databases.Document.Whole("totalSize"),
        };

        ObservedMember Read(string host, MemberReplies? own) => MemberReader.Read(host, own, primary, seenBy.GetValueOrDefault(host), Strangers.Of(host, own, id, config));
    }

    /// <summary>Arbiters that only their <c>hello</c> is known of. Of the set's identity they tell its name alone; that the configuration names them counts.</summary>
    private static IEnumerable<MemberReplies> Arbiters(IReadOnlyList<MemberReplies> replies, ReplicaSetConfig? config) => replies.Where(r =>
        r.Status.Document is null && MemberReader.IsArbiter(r) && config?.Find(r.Host) is { ArbiterOnly: true } && r.Hello.Document.Text("setName") == config.SetName);

    /// <summary>A member that says that it is writable, in the highest term of those that say so. A frozen old primary says so too for a while.</summary>
    private static MemberReplies? Primary(List<MemberReplies> insiders)
    {
        var newest = insiders.Max(r => r.Status.Document.Whole("term"));
        return insiders.FirstOrDefault(r => IsWritable(r) && r.Status.Document.Whole("term") == newest);
    }

    /// <summary>
    /// A primary that does not answer for itself, as the others see it: the operator may be all that does not reach it. One that answers, and says
    /// that it is none, is none, whatever the others still believe.
    /// </summary>
    private static string? PrimaryOfOthers(List<MemberReplies> insiders, IReadOnlyList<MemberReplies> replies, ReplicaSetConfig? config)
    {
        var newest = insiders.Max(r => r.Status.Document.Whole("term"));
        return insiders.Where(r => r.Status.Document.Whole("term") == newest)
            .Select(PrimarySeenBy)
            .OfType<string>()
            .Where(host => config?.Find(host) is not null && !replies.Any(r => r.Host == host && SaysThatItIsNone(r)))
            .GroupBy(host => host)
            .OrderByDescending(views => views.Count()).ThenBy(views => views.Key, StringComparer.Ordinal)
            .FirstOrDefault()?.Key;
    }

    private static bool SaysThatItIsNone(MemberReplies replies) => replies.Status.Document is not null
        || (replies.Hello.Document is { } hello && !hello.Flag("isWritablePrimary") && !hello.Flag("ismaster"));

    /// <summary>Its <c>hello</c> and its status name the primary at different moments.</summary>
    private static string? PrimarySeenBy(MemberReplies replies) => replies.Hello.Document.Text("primary")
        ?? replies.Status.Document.Docs("members").FirstOrDefault(m => m.Whole("state") == (int)MemberState.Primary && m.Number("health") == 1).Text("name");

    private static TimeSpan? MajorityWritesAfter(MemberReplies? primary)
    {
        var election = primary?.Status.Document.Doc("electionCandidateMetrics");
        return election.Whole("electionTerm") == primary?.Status.Document.Whole("term")
            && election.Date("newTermStartDate") is { } start
            && election.Date("wMajorityWriteAvailabilityDate") is { } available
            && available >= start
                ? available - start
                : null;
    }

    private static bool IsWritable(MemberReplies replies) =>
        (replies.Hello.Document.Flag("isWritablePrimary") || replies.Hello.Document.Flag("ismaster")) && replies.Status.Document.Whole("myState") == (int)MemberState.Primary;

    private static (long Term, long Version) ConfigAge(MemberReplies replies)
    {
        var config = replies.Config.Document.Doc("config");
        return (config.Whole("term") ?? -1, config.Whole("version") ?? -1);
    }

    private static ReplicaSetConfig? Config(MemberReplies authority, bool isPrimary) =>
        ConfigReader.Read(
            authority.Config.Document.Doc("config"),
            committed: !isPrimary || authority.Config.Document.Flag("commitmentStatus"),
            ConfigReader.NewlyAdded(authority.SystemReplset.First));

    /// <summary>A foreign set among the wanted hosts must not be taken for ours: the id that most of them share counts, then the first wanted host's.</summary>
    private static string? MostCommonReplicaSetId(IReadOnlyList<MemberReplies> replies, IReadOnlyCollection<string> wantedHosts)
    {
        var order = wantedHosts.Select((host, index) => (host, index)).ToDictionary(h => h.host, h => h.index, StringComparer.Ordinal);
        return replies
            .Where(r => r.Status.Document is not null && ReplicaSetId(r) is not null)
            .GroupBy(r => ReplicaSetId(r))
            .OrderByDescending(g => g.Count())
            .ThenBy(g => g.Min(r => order.GetValueOrDefault(r.Host, int.MaxValue)))
            .FirstOrDefault()?.Key;
    }

    private static string? ReplicaSetId(MemberReplies replies) => ConfigReader.ReplicaSetId(replies.Config.Document.Doc("config"));

    private static Dictionary<string, HashSet<string>> SeenHealthyBy(List<MemberReplies> insiders)
    {
        var seenBy = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var observer in insiders)
        {
            foreach (var member in observer.Status.Document.Docs("members").Where(m => !m.Flag("self") && MemberReader.SeesHealthy(m, observer) == true))
            {
                if (member.Text("name") is { } host)
                {
                    if (!seenBy.TryGetValue(host, out var observers))
                    {
                        seenBy[host] = observers = new HashSet<string>(StringComparer.Ordinal);
                    }

                    observers.Add(observer.Host);
                }
            }
        }

        return seenBy;
    }

    private static ObservedWriteConcern? WriteConcern(MemberReplies told)
    {
        if (told.DefaultConcerns.Document is not { } reply)
        {
            return null;
        }

        // An unset default of w: 1 is left out: before 5.0, where there is no other, and later where there are arbiters (recorded on 5.0).
        if (!reply.Contains("defaultWriteConcern"))
        {
            return new ObservedWriteConcern("1", 0, IsExplicit: false);
        }

        if (reply.Doc("defaultWriteConcern") is not { } concern
            || (concern.Text("w") ?? concern.Whole("w")?.ToString(System.Globalization.CultureInfo.InvariantCulture)) is not { } w)
        {
            return null;
        }

        // An implicit majority is told, and so is its source.
        var isExplicit = reply.Text("defaultWriteConcernSource") is not "implicit";
        return new ObservedWriteConcern(w, concern.Small("wtimeout") ?? 0, isExplicit);
    }
}
