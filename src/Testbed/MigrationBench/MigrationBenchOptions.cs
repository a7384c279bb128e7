using Modestano.Testbed.Backends;

namespace Modestano.Testbed.MigrationBench;

/// <summary>What is measured, and where.</summary>
/// <param name="OperatorAssembly">Path of modestano-operator.dll.</param>
/// <param name="ConfigFolder">The repository's <c>config</c> folder.</param>
/// <param name="Folder">Where the two worlds keep kubeconfig, grants and logs.</param>
/// <param name="Seed">Seeds both worlds.</param>
/// <param name="Backends">Which servers are real; Route 53 is always the embedded one.</param>
public sealed record MigrationBenchOptions(string OperatorAssembly, string ConfigFolder, string Folder, int Seed, BackendChoice Backends)
{
    /// <summary>Who has not come to the end by then has failed.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(5);
}
