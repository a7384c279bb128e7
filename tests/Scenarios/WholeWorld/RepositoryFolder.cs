namespace Modestano.Scenarios.WholeWorld;

/// <summary>The repository that the tests were built from: manifests are read as they are committed.</summary>
internal static class RepositoryFolder
{
    /// <summary>The <c>config</c> folder.</summary>
    public static string Config { get; } = RepositoryRoot.PathOf("config");

    /// <summary>The demo's overlay of the samples.</summary>
    public static string DemoSamples { get; } = Path.Combine(Config, "samples", "demo");
}
