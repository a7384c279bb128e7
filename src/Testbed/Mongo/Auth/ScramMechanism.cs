using System.Security.Cryptography;
using System.Text;

namespace Modestano.Testbed.Mongo.Auth;

/// <summary>A SCRAM mechanism with the server's parameters (RFC 5802, RFC 7677; MongoDB's authentication specification).</summary>
public sealed class ScramMechanism
{
    public static readonly ScramMechanism Sha1 = new("SCRAM-SHA-1", HashAlgorithmName.SHA1, saltBytes: 16, iterations: 10_000);

    public static readonly ScramMechanism Sha256 = new("SCRAM-SHA-256", HashAlgorithmName.SHA256, saltBytes: 28, iterations: 15_000);

    private ScramMechanism(string name, HashAlgorithmName hash, int saltBytes, int iterations)
    {
        Name = name;
        HashName = hash;
        SaltBytes = saltBytes;
        Iterations = iterations;
    }

    /// <summary>Both, in the order in which <c>saslSupportedMechs</c> lists them.</summary>
    public static IReadOnlyList<ScramMechanism> All { get; } = [Sha1, Sha256];

    public string Name { get; }

    public int SaltBytes { get; }

    public int Iterations { get; }

    private HashAlgorithmName HashName { get; }

    public static ScramMechanism? Find(string name) => All.FirstOrDefault(mechanism => mechanism.Name == name);

    public byte[] Hash(ReadOnlySpan<byte> data) => CryptographicOperations.HashData(HashName, data);

    public byte[] Hmac(ReadOnlySpan<byte> key, string text) =>
        CryptographicOperations.HmacData(HashName, key, Encoding.UTF8.GetBytes(text));

    public byte[] SaltedPassword(string user, string password, byte[] salt, int iterations)
    {
        var secret = this == Sha1 ? LegacyDigest(user, password) : password;
        return Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(secret), salt, iterations, HashName, CryptographicOperations.HashData(HashName, []).Length);
    }

    // SCRAM-SHA-1 salts what MONGODB-CR used to store, so that old credentials could be converted.
    private static string LegacyDigest(string user, string password)
    {
#pragma warning disable CA5351 // The mechanism says MD5.
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{user}:mongo:{password}")));
#pragma warning restore CA5351
    }
}
