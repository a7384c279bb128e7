using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>What a write command will do: nothing is changed until each operation is given to <see cref="DocumentStore.Apply"/>.</summary>
/// <param name="Operations">In order; empty when nothing matches or every document is in error.</param>
/// <param name="Reply">
/// The command's own reply fields (<c>n</c>, <c>nModified</c>, <c>upserted</c>, <c>writeErrors</c>, <c>value</c>, <c>nIndexesWas</c> …)
/// without <c>opTime</c>, <c>electionId</c>, <c>ok</c>, <c>writeConcernError</c>, which the replica-set member adds after them.
/// </param>
public sealed record WritePlan(IReadOnlyList<OplogOperation> Operations, BsonDocument Reply);
