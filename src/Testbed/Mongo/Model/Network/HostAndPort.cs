using System.Globalization;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>How MongoDB reads <c>host:port</c>: the port is 27017 unless given.</summary>
internal static class HostAndPort
{
    public static bool TryParse(string text, out string normalised)
    {
        normalised = text;
        var colon = text.LastIndexOf(':');
        var bracketed = text.StartsWith('[');
        if (text.Length == 0 || colon == 0 || (bracketed && !text.Contains(']', StringComparison.Ordinal)))
        {
            return false;
        }

        if (colon < 0 || (bracketed && text.EndsWith(']')))
        {
            normalised = text + ":27017";
            return true;
        }

        return int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536;
    }

    /// <summary>The host without its port.</summary>
    public static string HostOf(string hostAndPort) => hostAndPort[..hostAndPort.LastIndexOf(':')];

    /// <summary>Whether the name means this machine, as the server's localhost rule sees it.</summary>
    public static bool IsLocalhost(string hostAndPort)
    {
        var host = HostOf(hostAndPort);
        return host is "localhost" or "::1" or "[::1]" || host.StartsWith("127.", StringComparison.Ordinal);
    }
}
