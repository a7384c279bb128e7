using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Modestano.Testbed.Backends;

/// <summary>Which process has a connection of this machine, as Linux's <c>/proc</c> tells of processes of the same user.</summary>
internal static class SocketOwner
{
    private const string Mapped = "0000000000000000FFFF0000";

    /// <summary>The first of these processes that has the connection from one address to another; null: none of them, or no Linux.</summary>
    public static int? Of(IPEndPoint from, IPEndPoint to, IEnumerable<int> processes)
    {
        if (!OperatingSystem.IsLinux() || Inode(from, to) is not { } inode)
        {
            return null;
        }

        var link = $"socket:[{inode}]";
        foreach (var process in processes)
        {
            if (Has(process, link))
            {
                return process;
            }
        }

        return null;
    }

    // A socket that could speak IPv6 too is listed there, with the same addresses.
    private static string? Inode(IPEndPoint from, IPEndPoint to) =>
        Inode("/proc/net/tcp", Hexadecimal(from), Hexadecimal(to)) ?? Inode("/proc/net/tcp6", Mapped + Hexadecimal(from), Mapped + Hexadecimal(to));

    private static string? Inode(string table, string local, string remote)
    {
        foreach (var line in File.ReadLines(table).Skip(1))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[1] == local && fields[2] == remote)
            {
                return fields[9];
            }
        }

        return null;
    }

    private static string Hexadecimal(IPEndPoint address)
    {
        if (address.AddressFamily != AddressFamily.InterNetwork)
        {
            throw new ArgumentException($"{address} is no IPv4 address: only those are looked up", nameof(address));
        }

        // The address is shown as the machine's own number, the port as the network's.
        var number = BitConverter.ToUInt32(address.Address.GetAddressBytes());
        return string.Create(CultureInfo.InvariantCulture, $"{number:X8}:{address.Port:X4}");
    }

    private static bool Has(int process, string link)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process}/fd").Any(fd => TargetOf(fd) == link);
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? TargetOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return null;
        }
    }
}
