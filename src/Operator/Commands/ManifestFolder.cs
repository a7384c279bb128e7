using System.CommandLine;

namespace Modestano.Operator.Commands;

/// <summary>Where commands that print manifests write them: a file each into a folder, or all to standard output.</summary>
internal static class ManifestFolder
{
    public static Option<DirectoryInfo?> Option() => new("--output")
    {
        Description = "Directory for one file each, made where it is missing. Without it: standard output, for kubectl apply -f -.",
        HelpName = "dir",
    };

    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync(IEnumerable<(string FileName, string Text)> files, DirectoryInfo? directory, CancellationToken cancellationToken)
    {
        try
        {
            directory?.Create();
            foreach (var (fileName, text) in files)
            {
                if (directory is null)
                {
                    await Console.Out.WriteLineAsync("---\n" + text.TrimEnd('\n'));
                }
                else
                {
                    var file = new FileInfo(Path.Combine(directory.FullName, fileName));
                    file.Directory!.Create();
                    await File.WriteAllTextAsync(file.FullName, text, cancellationToken);
                }
            }

            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"modestano-operator: --output: '{directory?.FullName}' cannot be written: {e.Message}");
            return 1;
        }
    }
}
