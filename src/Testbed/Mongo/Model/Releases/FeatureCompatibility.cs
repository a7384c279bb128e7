using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// The feature compatibility version where a server keeps it: a document of <c>admin.system.version</c>, replicated like any other. While it
/// changes, <c>version</c> is the lower one and <c>targetVersion</c> stands beside it (manual: setFeatureCompatibilityVersion).
/// </summary>
internal static class FeatureCompatibility
{
    private const string Namespace = "admin.system.version";
    private const string Id = "featureCompatibilityVersion";

    /// <summary>The document in a member's data; null until it was initialised or has copied a set.</summary>
    public static BsonDocument? In(DocumentStore store) => store.FindDocument(Namespace, Id);

    /// <summary>The operation that stores a version that is not changing.</summary>
    public static OplogOperation At(string version) => Change(new BsonDocument("version", version));

    /// <summary>The operation that stores that it is changing.</summary>
    public static OplogOperation Changing(string from, string to)
    {
        var isUpgrade = ServerVersion.Parse(to).IsAtLeast(ServerVersion.Parse(from));
        var document = new BsonDocument { { "version", isUpgrade ? from : to }, { "targetVersion", to } };
        document.Add("previousVersion", from, !isUpgrade);
        return Change(document);
    }

    /// <summary>Why a member cannot copy data that is at this version; null: it can (initial_syncer.cpp).</summary>
    public static string? WhyNotToCopy(BsonDocument? document, ServerVersion binary)
    {
        if (document is null)
        {
            return null;
        }

        var version = document["version"].AsString;
        if (!binary.Knows(version))
        {
            return $"Location4926900: Invalid feature compatibility version value, found {version}, expected {binary.LastLts} or {binary.FeatureCompatibility}";
        }

        return document.TryGetValue("targetVersion", out var target)
            ? "IncompatibleServerVersion: Sync source had unsafe feature compatibility version: " +
              (document.TryGetValue("previousVersion", out var previous) ? $"downgrading from {previous} to {version}" : $"upgrading from {version} to {target}")
            : null;
    }

    private static OplogOperation Change(BsonDocument fields) => new("u", Namespace, new BsonDocument("_id", Id).AddRange(fields), new BsonDocument("_id", Id));
}
