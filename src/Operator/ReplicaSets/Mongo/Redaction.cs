using System.Text;
using System.Text.RegularExpressions;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// Takes out of a server's message what it echoes of the command: "not authorized on admin to execute command { … }" and
/// "unknown field in member: { … }" carry hosts, tags, even credentials. A configuration's version and term stay.
/// </summary>
public static partial class Redaction
{
    private const int MaxLength = 512;

    /// <summary>The message with every braced document replaced by <c>{…}</c>, at most 512 characters.</summary>
    public static string Apply(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var kept = new StringBuilder();
        for (var i = 0; i < message.Length; i++)
        {
            if (message[i] != '{')
            {
                kept.Append(message[i]);
                continue;
            }

            var end = EndOfBraces(message, i);
            var document = message[i..end];
            kept.Append(VersionAndTerm().IsMatch(document) ? document : "{…}");
            i = end - 1;
        }

        return kept.Length <= MaxLength ? kept.ToString() : kept.ToString(0, MaxLength - 1) + "…";
    }

    /// <summary>The same without what changes from one heartbeat to the next, as request numbers and deadlines: for status and conditions.</summary>
    public static string Steady(string message) => Changing().Replace(Apply(message), "…");

    private static int EndOfBraces(string message, int start)
    {
        var depth = 0;
        for (var i = start; i < message.Length; i++)
        {
            depth += message[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return i + 1;
            }
        }

        return message.Length;
    }

    [GeneratedRegex(@"(?<=\b(Request|RemoteCommand) )\d+|\d{4}-\d\d-\d\dT[0-9:.]+([+-]\d\d:?\d\d|Z)?", RegexOptions.CultureInvariant)]
    private static partial Regex Changing();

    [GeneratedRegex(@"^\{version: -?\d+, term: -?\d+\}$", RegexOptions.CultureInvariant)]
    private static partial Regex VersionAndTerm();
}
