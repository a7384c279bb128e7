using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>Where the cluster-wide defaults live: a document of <c>config.settings</c>, replicated like any other.</summary>
internal static class DefaultConcernDocument
{
    private const string Namespace = "config.settings";
    private const string Id = "ReadWriteConcernDefaults";

    /// <summary>The operation that stores them.</summary>
    public static OplogOperation Change(DefaultReadWriteConcern defaults) => new("u", Namespace, Of(defaults), new BsonDocument("_id", Id));

    private static BsonDocument Of(DefaultReadWriteConcern defaults)
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
