using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Auth;

/// <summary>A role and the database that it is granted on.</summary>
public sealed record RoleName(string Role, string Database)
{
    public BsonDocument ToBson() => new() { { "role", Role }, { "db", Database } };

    /// <inheritdoc/>
    public override string ToString() => $"{Role}@{Database}";
}
