namespace Modestano.Cli.Init;

/// <summary>A first manifest.</summary>
/// <param name="Yaml">The manifest, notes included as comments.</param>
/// <param name="Notes">What it cannot express, or what a person must know: for standard error too.</param>
internal sealed record InitText(string Yaml, IReadOnlyList<string> Notes);
