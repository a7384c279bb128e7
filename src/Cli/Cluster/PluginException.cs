namespace Modestano.Cli.Cluster;

/// <summary>Something that a person at the terminal can act on; the message says what.</summary>
public sealed class PluginException(string message) : Exception(message);
