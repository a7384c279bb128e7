using MongoDB.Bson;
using Modestano.Testbed.Mongo.Storage;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>Where the cluster-wide defaults live: a document of <c>config.settings</c>, replicated like any other.</summary>
internal static class DefaultConcernDocument
{
    public const string Namespace = "config.settings";
    public const string Id = "ReadWriteConcernDefaults";

    public static BsonDocument Of(DefaultReadWriteConcern defaults)
    {
        var document = new BsonDocument("_id", Id);
        document.Add("defaultReadConcern", defaults.ReadConcern, defaults.ReadConcern is not null);
        document.Add("defaultWriteConcern", defaults.WriteConcern, defaults.WriteConcern is not null);
        return document.Add("updateOpTime", defaults.UpdateTime).Add("updateWallClockTime", defaults.UpdateWallClockTime);
    }

    /// <summary>The defaults that a member's data holds; null while nobody set any.</summary>
    public static DefaultReadWriteConcern? In(DocumentStore store) => store.Find(Namespace)?.FindById(Id) is { } document
        ? new DefaultReadWriteConcern(
            document.GetValue("defaultReadConcern", null) as BsonDocument,
            document.GetValue("defaultWriteConcern", null) as BsonDocument,
            document["updateOpTime"].AsBsonTimestamp,
            document["updateWallClockTime"].ToUniversalTime())
        : null;
}
