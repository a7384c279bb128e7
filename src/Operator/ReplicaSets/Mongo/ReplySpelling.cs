using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// The spec may write a host in another way than the configuration does. Replies are then told under the configuration's spelling, and a member
/// that was asked by both is told once: two entries for one member would never come to an end.
/// </summary>
internal static class ReplySpelling
{
    /// <summary>The hosts as the newest configuration that names them spells them.</summary>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<MemberReplies> replies)
    {
        var spelling = new Dictionary<string, string>(HostNames.Comparer);
        foreach (var host in replies
            .Select(r => r.Config.Document.Doc("config"))
            .OrderByDescending(c => (c.Whole("term") ?? -1, c.Whole("version") ?? -1))
            .SelectMany(c => c.Docs("members"))
            .Select(m => m.Text("host"))
            .OfType<string>())
        {
            spelling.TryAdd(host, host);
        }

        return spelling;
    }

    /// <summary>The host in that spelling.</summary>
    public static string As(this string host, IReadOnlyDictionary<string, string> spelling) => spelling.GetValueOrDefault(host, host);

    /// <summary>One entry for each member.</summary>
    public static IReadOnlyList<MemberReplies> As(this IReadOnlyList<MemberReplies> replies, IReadOnlyDictionary<string, string> spelling) =>
        [.. replies.GroupBy(r => r.Host, HostNames.Comparer).Select(same => Best([.. same], spelling) is var best && best.Host == best.Host.As(spelling) ? best : best with { Host = best.Host.As(spelling) })];

    private static MemberReplies Best(List<MemberReplies> same, IReadOnlyDictionary<string, string> spelling) =>
        same.MinBy(r => (r.Hello.Document is null, r.Host != r.Host.As(spelling)))!;
}
