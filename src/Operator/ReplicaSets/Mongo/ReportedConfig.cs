using System.Text.RegularExpressions;
using MongoDB.Bson;

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

    /// <summary>A year and a day (as mongod answers to more).</summary>
    private const long LongestDelay = 31_622_400;

    private static readonly string[] Delays = ["secondaryDelaySecs", "slaveDelay"];

    /// <summary>The answers as they are; or, where the configuration is none, nothing but why.</summary>
    public static MemberReplies Checked(MemberReplies replies) => replies.Config.Document.Doc("config") is { } config && Refusal(config) is { } why
        ? new MemberReplies { Host = replies.Host, At = replies.At, Connection = new MongoFailure(MongoFailureKind.CommandFailed, 0, "ConfigRefused", $"the configuration that it reports {why}") }
        : replies;

    /// <summary>What no mongod accepts in a configuration; null: nothing.</summary>
    public static string? Refusal(BsonDocument config)
    {
        if (!config.TryGetValue("members", out var list) || list is not BsonArray { Count: > 0 } array || array.Any(m => m is not BsonDocument))
        {
            return "has no list of members";
        }

        var members = config.Docs("members").ToList();
        var hosts = members.Select(m => m.Text("host")).ToList();
        return members.Count > MaxMembers ? $"has more than {MaxMembers} members"
            : hosts.Any(h => h is null || h.Length > MaxHostLength || !HostAndPort().IsMatch(h)) ? "names something that is no host:port"
            : hosts.Distinct(StringComparer.OrdinalIgnoreCase).Count() < hosts.Count ? "names a host twice"
            : members.Any(m => m.Whole("_id") is not (>= 0 and <= int.MaxValue)) ? "has a member without an _id"
            : members.Select(m => m.Whole("_id")).Distinct().Count() < members.Count ? "has an _id twice"
            : config.Contains("version") && config.Whole("version") is not (>= 1 and < int.MaxValue) ? "has no version that could be followed by another"
            : Odd(members);
    }

    // Figures are added to times and to each other: what is beyond the server's own bounds is nobody's figure.
    private static string? Odd(List<BsonDocument> members) =>
        members.Any(m => m.Contains("votes") && m.Whole("votes") is not (0 or 1)) ? "has a member with another number of votes than 0 or 1"
        : members.Any(m => m.Contains("priority") && m.Number("priority") is not (>= 0 and <= 1000)) ? "has a priority that is not from 0 to 1000"
        : members.Any(m => Delays.Any(d => m.Contains(d) && m.Whole(d) is not (>= 0 and <= LongestDelay))) ? "has a delay that is not from 0 to a year"
        : null;

    [GeneratedRegex(@"\A(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f:]+):[0-9]{1,5}\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostAndPort();
}
