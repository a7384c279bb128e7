using System.CommandLine;

namespace Modestano.Testbed.Commands;

/// <summary>Options that the commands share.</summary>
internal static class WorldArguments
{
    public static Option<DirectoryInfo> Config() => new("--config")
    {
        Description = "The repository's config folder: CRDs, roles and samples are read from it.",
        DefaultValueFactory = _ => new DirectoryInfo("config"),
    };

    public static Option<DirectoryInfo> Folder() => new("--folder")
    {
        Description = "Where kubeconfig, grants and logs are written.",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "world")),
    };

    public static Option<int> Seed() => new("--seed") { Description = "Seeds all that is random in the world.", DefaultValueFactory = _ => 1 };
}
