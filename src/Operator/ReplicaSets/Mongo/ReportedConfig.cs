using System.Text.RegularExpressions;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// Looks at the configuration that a member reports before anybody whom it names is asked. MongoDB itself accepts no such configuration, so
/// whoever reports it is no member that can be worked with. Pure.
/// </summary>
internal static partial class ReportedConfig
{
    /// <summary>Manual: MongoDB Limits and Thresholds, Number of Members of a Replica Set.</summary>
    public const int MaxMembers = 50;

    /// <summary>A DNS name of 253 characters, brackets and a port.</summary>
    private const int MaxHostLength = 261;

    /// <summary>The answers as they are; or, where the configuration is none, nothing but why.</summary>
    public static MemberReplies Checked(MemberReplies replies) => Refusal(replies) is { } why
        ? new MemberReplies { Host = replies.Host, At = replies.At, Connection = new MongoFailure(MongoFailureKind.CommandFailed, 0, "ConfigRefused", why) }
        : replies;

    private static string? Refusal(MemberReplies replies)
    {
        var members = replies.Config.Document.Doc("config").Docs("members").ToList();
        var hosts = members.Select(m => m.Text("host")).ToList();
        return members.Count > MaxMembers ? $"the configuration that it reports has more than {MaxMembers} members"
            : hosts.Any(h => h is null || h.Length > MaxHostLength || !HostAndPort().IsMatch(h)) ? "the configuration that it reports names something that is no host:port"
            : hosts.Distinct(StringComparer.OrdinalIgnoreCase).Count() < hosts.Count ? "the configuration that it reports names a host twice"
            : members.Select(m => m.Whole("_id")).Distinct().Count() < members.Count ? "the configuration that it reports has an _id twice"
            : null;
    }

    [GeneratedRegex(@"\A(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f:]+):[0-9]{1,5}\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostAndPort();
}
