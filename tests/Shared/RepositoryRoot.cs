namespace Modestano.Tests.Shared;

/// <summary>The repository that the tests were built from, as it is committed.</summary>
internal static class RepositoryRoot
{
    private static readonly Lazy<string> Root = new(Find);

    /// <summary>A file or folder of it.</summary>
    /// <param name="path">As <c>docs/security.md</c>; empty: the root.</param>
    public static string PathOf(string path = "") => Path.Combine(Root.Value, path);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Modestano.Operator.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the repository's root was not found above the tests");
        }

        return folder.FullName;
    }
}
