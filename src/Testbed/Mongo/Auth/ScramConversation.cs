using System.Security.Cryptography;
using System.Text;
using Modestano.Testbed.Mongo.Storage;

namespace Modestano.Testbed.Mongo.Auth;

/// <summary>The server's side of one SCRAM exchange.</summary>
public sealed class ScramConversation
{
    private const int NonceBytes = 24;

    private readonly ScramMechanism _mechanism;
    private readonly ScramCredential _credential;
    private readonly string _clientFirstBare;
    private readonly string _nonce;

    private ScramConversation(ScramMechanism mechanism, UserRecord user, ScramCredential credential, string clientFirstBare, string clientNonce)
    {
        _mechanism = mechanism;
        _credential = credential;
        _clientFirstBare = clientFirstBare;
        _nonce = clientNonce + Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
        User = user;
        ServerFirst = $"r={_nonce},s={Convert.ToBase64String(credential.Salt)},i={credential.Iterations}";
    }

    /// <summary>Who logs in; proven once <see cref="Finish"/> has returned.</summary>
    public UserRecord User { get; }

    /// <summary>The server's first message.</summary>
    public string ServerFirst { get; }

    /// <summary>Whether the client leaves out the empty last exchange (<c>skipEmptyExchange</c>).</summary>
    public bool SkipsEmptyExchange { get; init; }

    /// <summary>Whether the proof was right.</summary>
    public bool IsProven { get; private set; }

    public static ServerError Failed { get; } = new(18, "AuthenticationFailed", "Authentication failed.");

    /// <summary>Reads the client's first message, <c>n,,n=user,r=nonce</c>.</summary>
    /// <param name="mechanism">The mechanism.</param>
    /// <param name="clientFirst">The message.</param>
    /// <param name="findUser">Gives the user of that name, or null.</param>
    /// <param name="skipsEmptyExchange">What the client's options say.</param>
    /// <exception cref="CommandFailedException">18 when there is no such user or it lacks the mechanism.</exception>
    public static ScramConversation Start(
        ScramMechanism mechanism, byte[] clientFirst, Func<string, UserRecord?> findUser, bool skipsEmptyExchange)
    {
        var message = Encoding.UTF8.GetString(clientFirst);
        var bare = message.StartsWith("n,,", StringComparison.Ordinal) ? message[3..] : throw Failed.ToException();
        var fields = Fields(bare);
        if (!fields.TryGetValue('n', out var name) || !fields.TryGetValue('r', out var nonce))
        {
            throw Failed.ToException();
        }

        var user = findUser(Unescape(name)) ?? throw Failed.ToException();
        return user.Credentials.TryGetValue(mechanism.Name, out var credential)
            ? new ScramConversation(mechanism, user, credential, bare, nonce) { SkipsEmptyExchange = skipsEmptyExchange }
            : throw Failed.ToException();
    }

    /// <summary>Checks the client's proof and gives the server's.</summary>
    /// <exception cref="CommandFailedException">18 when the proof is wrong.</exception>
    public string Finish(byte[] clientFinal)
    {
        var message = Encoding.UTF8.GetString(clientFinal);
        var fields = Fields(message);
        if (!fields.TryGetValue('r', out var nonce) || nonce != _nonce || !fields.TryGetValue('p', out var proof))
        {
            throw Failed.ToException();
        }

        var withoutProof = message[..message.LastIndexOf(",p=", StringComparison.Ordinal)];
        var authMessage = $"{_clientFirstBare},{ServerFirst},{withoutProof}";
        var signature = _mechanism.Hmac(_credential.StoredKey, authMessage);
        var clientKey = new byte[signature.Length];
        if (!Convert.TryFromBase64String(proof, clientKey, out var length) || length != clientKey.Length)
        {
            throw Failed.ToException();
        }

        for (var i = 0; i < clientKey.Length; i++)
        {
            clientKey[i] ^= signature[i];
        }

        IsProven = CryptographicOperations.FixedTimeEquals(_mechanism.Hash(clientKey), _credential.StoredKey);
        return IsProven
            ? $"v={Convert.ToBase64String(_mechanism.Hmac(_credential.ServerKey, authMessage))}"
            : throw Failed.ToException();
    }

    private static Dictionary<char, string> Fields(string message)
    {
        var fields = new Dictionary<char, string>();
        foreach (var field in message.Split(','))
        {
            if (field.Length >= 2 && field[1] == '=')
            {
                fields.TryAdd(field[0], field[2..]);
            }
        }

        return fields;
    }

    private static string Unescape(string name) =>
        name.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
}
