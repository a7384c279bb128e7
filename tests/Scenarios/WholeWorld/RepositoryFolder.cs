namespace Modestano.Scenarios.WholeWorld;

/// <summary>The repository that the tests were built from: manifests are read as they are committed.</summary>
internal static class RepositoryFolder
{
    /// <summary>The <c>config</c> folder.</summary>
    public static string Config { get; } = Path.Combine(Root(), "config");

    /// <summary>The demo's overlay of the samples.</summary>
    public static string DemoSamples { get; } = Path.Combine(Config, "samples", "demo");

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Modestano.Operator.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the repository's root was not found above the tests");
        }

        return folder.FullName;
    }
}
