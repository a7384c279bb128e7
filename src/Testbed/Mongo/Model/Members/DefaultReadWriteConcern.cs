using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>What <c>setDefaultRWConcern</c> stored.</summary>
/// <param name="ReadConcern">Read concern, or null.</param>
/// <param name="WriteConcern">Write concern, or null.</param>
/// <param name="UpdateTime">Cluster time of the change.</param>
/// <param name="UpdateWallClockTime">Wall-clock time of the change.</param>
internal sealed record DefaultReadWriteConcern(
    BsonDocument? ReadConcern, BsonDocument? WriteConcern, BsonTimestamp UpdateTime, DateTime UpdateWallClockTime);
