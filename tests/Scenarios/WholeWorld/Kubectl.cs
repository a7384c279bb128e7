using System.Diagnostics;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>The real kubectl.</summary>
internal static class Kubectl
{
    /// <summary>Runs it; <paramref name="input"/> goes to its standard input.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> TryAsync(string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("kubectl does not start");
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Runs it; it must succeed.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var (exitCode, output, error) = await TryAsync(null, arguments);
        Assert.That(exitCode, Is.Zero, $"kubectl {string.Join(' ', arguments)}: {error}");
        return output;
    }
}
