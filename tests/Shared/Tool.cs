using System.Diagnostics;

namespace Modestano.Tests.Shared;

/// <summary>Runs kubectl and helm, from the path or from where <c>make tools</c> puts them.</summary>
internal static class Tool
{
    public static string Run(string name, params string[] arguments)
    {
        var (exitCode, output, error) = Try(name, arguments);
        Assert.That(exitCode, Is.Zero, $"{name} {string.Join(' ', arguments)}: {error}");
        return output;
    }

    public static (int ExitCode, string Output, string Error) Try(string name, params string[] arguments) => TryWithInput(name, "", arguments);

    public static (int ExitCode, string Output, string Error) TryWithInput(string name, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(name), arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // Without a cluster: neither tool may look for one.
        start.Environment["KUBECONFIG"] = "/dev/null";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }

    /// <summary>The program's path.</summary>
    public static string Find(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).ToList();
        for (var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            folders.Add(Path.Combine(folder.FullName, ".cache/tools/bin"));
        }

        return folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{name} is not on the path: `make tools` installs it");
    }
}
