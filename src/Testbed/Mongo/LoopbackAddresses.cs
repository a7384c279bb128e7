using System.Globalization;
using System.Net;

namespace Modestano.Testbed.Mongo;

/// <summary>Gives each member of this process a loopback address of its own, so that all can listen at the same port.</summary>
internal static class LoopbackAddresses
{
    private static int _last;

    /// <summary>Where a member listens when nobody said so.</summary>
    public static IPEndPoint Choose(string host)
    {
        var colon = host.LastIndexOf(':');
        var port = int.Parse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        if (IPAddress.TryParse(host.AsSpan(0, colon), out var literal))
        {
            return new IPEndPoint(literal, port);
        }

        return OperatingSystem.IsLinux() ? new IPEndPoint(Next(), port) : new IPEndPoint(IPAddress.Loopback, 0);
    }

    /// <summary>The next unused address of this process in 127.64.0.0/10; two processes rarely meet there.</summary>
    public static IPAddress Next()
    {
        var number = Interlocked.Increment(ref _last);
        var process = Environment.ProcessId;
        return new IPAddress([127, (byte)(64 + ((process >> 8) & 63)), (byte)process, (byte)(1 + (number % 250))]);
    }
}
