using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Auth;

/// <summary>A user as <c>admin.system.users</c> holds it; so users replicate like any document.</summary>
/// <param name="Database">The database that the user authenticates against (<c>authSource</c>).</param>
/// <param name="Name">Its name; for MONGODB-X509 the certificate's subject.</param>
/// <param name="Roles">What it may do.</param>
/// <param name="Credentials">By mechanism; empty for MONGODB-X509.</param>
public sealed record UserRecord(
    string Database, string Name, IReadOnlyList<RoleName> Roles, IReadOnlyDictionary<string, ScramCredential> Credentials)
{
    /// <summary>The collection of all users.</summary>
    public const string Collection = "admin.system.users";

    public string Id => $"{Database}.{Name}";

    /// <summary>Makes a user of a password, for both mechanisms unless some are named.</summary>
    public static UserRecord WithPassword(
        string database, string name, string password, IReadOnlyList<RoleName> roles, IEnumerable<ScramMechanism>? mechanisms = null) =>
        new(database, name, roles, (mechanisms ?? ScramMechanism.All).ToDictionary(
            mechanism => mechanism.Name, mechanism => ScramCredential.Create(mechanism, name, password)));

    public static UserRecord FromBson(BsonDocument document) => new(
        document["db"].AsString, document["user"].AsString,
        document["roles"].AsBsonArray.Select(role => new RoleName(role["role"].AsString, role["db"].AsString)).ToList(),
        document["credentials"].AsBsonDocument
            .Where(credential => ScramMechanism.Find(credential.Name) is not null)
            .ToDictionary(credential => credential.Name, credential => ScramCredential.FromBson(credential.Value.AsBsonDocument)));

    public BsonDocument ToBson() => new()
    {
        { "_id", Id }, { "user", Name }, { "db", Database }, { "credentials", CredentialsToBson() },
        { "roles", new BsonArray(Roles.Select(role => role.ToBson())) },
    };

    private BsonDocument CredentialsToBson() => Database == "$external"
        ? new BsonDocument("external", true)
        : new BsonDocument(Credentials.Select(credential => new BsonElement(credential.Key, credential.Value.ToBson())));
}
