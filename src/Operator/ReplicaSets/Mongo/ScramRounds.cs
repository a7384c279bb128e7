using System.Globalization;
using System.Text;
using MongoDB.Driver;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// How many rounds of hashing a member may ask a login for: its answer to a client's first message has them as <c>i=</c> (RFC 5802, section 5.1).
/// Fewer than 4,096 would let whoever answers guess the password cheaply; a billion would keep a processor busy for half an hour.
/// </summary>
internal static class ScramRounds
{
    /// <summary>RFC 5802 and RFC 7677 ask for at least so many; the driver refuses fewer too.</summary>
    public const int Fewest = 4_096;

    /// <summary>The most where the configuration says nothing. MongoDB asks for 15,000 unless <c>scramSHA256IterationCount</c> says otherwise; so many take about half a second.</summary>
    public const int Most = 1_000_000;

    /// <summary>From so many on a thread is kept busy for longer than others should wait for it.</summary>
    private const int Many = 50_000;

    /// <summary>Whether a message asks for so much that it had better not be done on a thread that others wait for.</summary>
    public static bool AreMany(byte[]? serverMessage) =>
        Asked(serverMessage) is { } asked && int.TryParse(asked.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds >= Many;

    /// <summary>Looks at a message of the server.</summary>
    /// <param name="serverMessage">The message; null: the server has not said anything yet.</param>
    /// <param name="most">How many rounds it may ask for.</param>
    /// <returns>How many rounds it asks for; null: it does not say.</returns>
    /// <exception cref="ScramRoundsException">It asks for too few or too many rounds.</exception>
    public static int? Check(byte[]? serverMessage, int most)
    {
        if (Asked(serverMessage) is not { } asked)
        {
            return null;
        }

        return int.TryParse(asked.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds >= Fewest && rounds <= most ? rounds
            : throw new ScramRoundsException($"the member asks for a login with fewer than {Fewest} or more than {most} rounds of hashing (scramSHA256IterationCount; the operator's --mongo-max-scram-iterations): it gets none");
    }

    private static string? Asked(byte[]? serverMessage) =>
        serverMessage is null ? null : Encoding.UTF8.GetString(serverMessage).Split(',').FirstOrDefault(part => part.StartsWith("i=", StringComparison.Ordinal));
}

/// <summary>A login was given up for what the member asked.</summary>
internal sealed class ScramRoundsException(string message) : MongoException(message);
