using System.Collections.Concurrent;
using System.Diagnostics;

namespace Modestano.Scenarios.Runtime;

/// <summary>The shipped program in a process of its own.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    /// <summary>The shipped program's file.</summary>
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "modestano-operator.dll");

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();

    private OperatorProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Log => string.Join('\n', _log);

    /// <summary>What it said so far, by lines.</summary>
    public IReadOnlyList<string> Lines => [.. _log];

    public bool HasExited => _process.HasExited;

    /// <summary>Processor time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The most memory that it ever had resident, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    public static OperatorProcess Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    /// <summary>Starts it with further variables; an empty value takes one away.</summary>
    public static OperatorProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value.Length == 0 ? null : value;
        }

        return new OperatorProcess(Process.Start(start) ?? throw new InvalidOperationException("dotnet does not start"));
    }

    /// <summary>Runs to the end.</summary>
    public static async Task<(int ExitCode, string Log)> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        return (await process.ExitAsync(), process.Log);
    }

    /// <summary>SIGTERM, as a kubelet sends it.</summary>
    public Task TerminateAsync() => SignalAsync("-TERM");

    /// <summary>SIGSTOP: it stands still and keeps its connections, as a machine that is suspended.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    /// <summary>SIGCONT: it goes on where it stood.</summary>
    public Task ThawAsync() => SignalAsync("-CONT");

    /// <summary>SIGKILL: a node that lost its power.</summary>
    public void Kill() => _process.Kill();

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
