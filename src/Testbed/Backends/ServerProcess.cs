using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Modestano.Testbed.Backends;

/// <summary>A server that runs as a process of its own; its output goes to a file.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task _copying;
    private readonly string _log;

    private ServerProcess(Process process, string log)
    {
        (_process, _log) = (process, log);
        _copying = Task.WhenAll(CopyAsync(process.StandardOutput, log), CopyAsync(process.StandardError, log + ".err"));
    }

    /// <summary>The process's number.</summary>
    public int Id => _process.Id;

    public static ServerProcess Start(string path, IEnumerable<string> arguments, string log, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(path) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ServerProcess(Process.Start(start) ?? throw new InvalidOperationException($"{path} did not start"), log);
    }

    /// <summary>A loopback port that nobody has just now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until something listens at the port.</summary>
    /// <exception cref="InvalidOperationException">The process ended, or did not listen in time; the message names its log.</exception>
    public async Task ListensAsync(int port, CancellationToken cancellationToken)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException) when (!_process.HasExited && since.Elapsed < StartLimit)
            {
                await Task.Delay(50, cancellationToken);
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException($"{_process.StartInfo.FileName} does not listen at port {port}: {(_process.HasExited ? $"it ended with {_process.ExitCode}" : "it was given a minute")}; see {_log}", e);
            }
        }
    }

    /// <summary>SIGKILL, SIGSTOP, SIGCONT or SIGTERM.</summary>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits until the process has ended.</summary>
    public Task EndedAsync() => _process.WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        await _copying;
        _process.Dispose();
    }

    private static async Task CopyAsync(StreamReader from, string to)
    {
        await using var file = new StreamWriter(to, append: true) { AutoFlush = true };
        while (await from.ReadLineAsync() is { } line)
        {
            await file.WriteLineAsync(line);
        }
    }
}
