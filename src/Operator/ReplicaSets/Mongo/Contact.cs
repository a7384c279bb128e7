using System.Globalization;
using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>A member that stands for its set while that waits in a crowd, and what it told of all members: states, health, configurations, who is behind, but no figures.</summary>
/// <param name="Host">The member.</param>
/// <param name="Word">What it told.</param>
public sealed record Contact(string Host, string Word)
{
    /// <summary>The primary, else the first member that told a status; null: nobody did.</summary>
    public static Contact? Choose(IReadOnlyCollection<MemberReplies> replies, string? primary, TimeSpan maxLag)
    {
        ArgumentNullException.ThrowIfNull(replies);
        return replies.Where(r => r.Status.Document is not null)
            .OrderByDescending(r => r.Host == primary).ThenBy(r => r.Host, StringComparer.Ordinal)
            .Select(r => Of(r, maxLag))
            .FirstOrDefault();
    }

    /// <summary>What a member told.</summary>
    public static Contact Of(MemberReplies replies, TimeSpan maxLag)
    {
        ArgumentNullException.ThrowIfNull(replies);
        return new Contact(replies.Host, replies.Status switch
        {
            { Document: { } status } => string.Join(' ', status.Docs("members").Select(m => Describe(m, replies, maxLag)).Prepend($"{status.Text("set")} {Whole(status, "myState")} {Whole(status, "term")}")),
            { Failure: { } failure } => $"{failure.Kind} {failure.Code}",
            _ => "",
        });
    }

    private static string Describe(BsonDocument member, MemberReplies replies, TimeSpan maxLag) =>
        $"{member.Text("name")}:{Whole(member, "state")}:{Whole(member, "health")}:{Whole(member, "configVersion")}:{Whole(member, "configTerm")}:{IsBehind(member.Text("name"), replies, maxLag)}";

    // By the primary's word: a member that falls behind begins the window anew in which it has to be close.
    private static bool IsBehind(string? host, MemberReplies replies, TimeSpan maxLag) =>
        host is not null && MemberReader.Read(host, null, replies, null, stranger: null).Lag > maxLag;

    private static string Whole(BsonDocument document, string field) => document.Whole(field)?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
