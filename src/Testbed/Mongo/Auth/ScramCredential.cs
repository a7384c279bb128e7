using System.Security.Cryptography;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Auth;

/// <summary>What the server stores of a password for one mechanism.</summary>
/// <param name="Iterations">Rounds of PBKDF2.</param>
/// <param name="Salt">The salt.</param>
/// <param name="StoredKey">The hash of the client key.</param>
/// <param name="ServerKey">Proves the server to the client.</param>
public sealed record ScramCredential(int Iterations, byte[] Salt, byte[] StoredKey, byte[] ServerKey)
{
    /// <summary>Makes it of a password, with a fresh salt. (No decision of a run depends on the salt, so it needs no seed.)</summary>
    public static ScramCredential Create(ScramMechanism mechanism, string user, string password)
    {
        var salt = RandomNumberGenerator.GetBytes(mechanism.SaltBytes);
        var salted = mechanism.SaltedPassword(user, password, salt, mechanism.Iterations);
        return new ScramCredential(
            mechanism.Iterations, salt, mechanism.Hash(mechanism.Hmac(salted, "Client Key")), mechanism.Hmac(salted, "Server Key"));
    }

    public static ScramCredential FromBson(BsonDocument document) => new(
        document["iterationCount"].AsInt32, Bytes(document, "salt"), Bytes(document, "storedKey"), Bytes(document, "serverKey"));

    public BsonDocument ToBson() => new()
    {
        { "iterationCount", Iterations }, { "salt", Convert.ToBase64String(Salt) }, { "storedKey", Convert.ToBase64String(StoredKey) },
        { "serverKey", Convert.ToBase64String(ServerKey) },
    };

    private static byte[] Bytes(BsonDocument document, string field) => Convert.FromBase64String(document[field].AsString);
}
