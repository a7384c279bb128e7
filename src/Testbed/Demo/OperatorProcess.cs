using System.Diagnostics;

namespace Modestano.Testbed.Demo;

/// <summary>The operator as its own process: the binary that is shipped. Its output goes to a file.</summary>
public sealed class OperatorProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _copy;

    private OperatorProcess(Process process, Task copy)
    {
        _process = process;
        _copy = copy;
    }

    /// <summary>Its number.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Processor time so far and resident bytes now; null once it has ended.</summary>
    public (TimeSpan Cpu, long Bytes)? Usage
    {
        get
        {
            try
            {
                _process.Refresh();
                return _process.HasExited ? null : (_process.TotalProcessorTime, _process.WorkingSet64);
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="assembly">Path of modestano-operator.dll.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables beside the inherited ones.</param>
    /// <param name="logFile">Where its output goes.</param>
    public static OperatorProcess Start(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string logFile)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(assembly);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"dotnet {assembly} did not start");
        return new OperatorProcess(process, CopyAsync(process, logFile));
    }

    /// <summary>Asks it to stop (SIGTERM), and ends it where it does not within 15 s.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        await _copy;
        _process.Dispose();
    }

    private static async Task CopyAsync(Process process, string logFile)
    {
        await using var file = new StreamWriter(logFile) { AutoFlush = true };
        var gate = new SemaphoreSlim(1);
        async Task Copy(StreamReader from)
        {
            while (await from.ReadLineAsync() is { } line)
            {
                await gate.WaitAsync();
                await file.WriteLineAsync(line);
                gate.Release();
            }
        }

        await Task.WhenAll(Copy(process.StandardOutput), Copy(process.StandardError));
    }
}
