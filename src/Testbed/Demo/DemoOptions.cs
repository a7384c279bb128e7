namespace Modestano.Testbed.Demo;

/// <summary>How a demo is run.</summary>
/// <param name="OperatorAssembly">Path of modestano-operator.dll.</param>
/// <param name="ConfigFolder">The repository's <c>config</c> folder.</param>
/// <param name="Folder">Where kubeconfig, grants and logs go.</param>
/// <param name="Seed">Seeds the world.</param>
/// <param name="Hold">Stay up afterwards until Ctrl-C.</param>
/// <param name="Limit">A demo that is not done by then has failed.</param>
public sealed record DemoOptions(string OperatorAssembly, string ConfigFolder, string Folder, int Seed, bool Hold, TimeSpan Limit);
