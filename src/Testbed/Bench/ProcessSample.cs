using System.Globalization;

namespace Modestano.Testbed.Bench;

/// <summary>What the kernel tells of a process (proc(5)).</summary>
/// <param name="At">When, since the machine's start.</param>
/// <param name="Cpu">Processor time so far.</param>
/// <param name="ResidentBytes">VmRSS.</param>
/// <param name="PeakBytes">VmHWM.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Sockets">Open sockets.</param>
internal sealed record ProcessSample(TimeSpan At, TimeSpan Cpu, long ResidentBytes, long PeakBytes, int Threads, int Sockets)
{
    private const double TicksPerSecond = 100;

    /// <summary>Looks.</summary>
    /// <exception cref="IOException">The process is gone, or this is no Linux.</exception>
    public static ProcessSample Of(int processId)
    {
        var folder = $"/proc/{processId.ToString(CultureInfo.InvariantCulture)}";
        // The name in parentheses may hold blanks: the fields are counted behind it.
        var stat = File.ReadAllText($"{folder}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        var status = File.ReadLines($"{folder}/status").Select(l => l.Split(':', 2)).Where(l => l.Length == 2).ToDictionary(l => l[0], l => l[1].Trim());
        return new ProcessSample(
            TimeSpan.FromMilliseconds(Environment.TickCount64),
            TimeSpan.FromSeconds(ticks / TicksPerSecond),
            Kilobytes(status["VmRSS"]),
            Kilobytes(status["VmHWM"]),
            int.Parse(status["Threads"], CultureInfo.InvariantCulture),
            Directory.EnumerateFiles($"{folder}/fd").Count(f => new FileInfo(f).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true));
    }

    /// <summary>Cores in use, on average, since another sample.</summary>
    public double CoresSince(ProcessSample before) => (Cpu - before.Cpu) / (At - before.At);

    private static long Kilobytes(string text) => 1024 * long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture);
}
