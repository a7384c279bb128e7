using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Auth;

/// <summary>The users that one member knows: those in its own copy of the data, in whatever state it is. An arbiter has no data and knows none.</summary>
/// <param name="data">The member's present data; null: it has none.</param>
public sealed class UserStore(Func<DocumentStore?> data)
{
    /// <summary>Whether there is any user; while there is none, the localhost exception holds.</summary>
    public bool Any => All.Any();

    public UserRecord? Find(string database, string name) =>
        data()?.FindDocument(UserRecord.Collection, $"{database}.{name}") is { } document ? UserRecord.FromBson(document) : null;

    /// <summary>The stored documents of all users, in the order of their creation.</summary>
    public IEnumerable<BsonDocument> All => data()?.DocumentsOf(UserRecord.Collection) ?? [];
}
