namespace Modestano.Operator.Migrations.Gates;

/// <summary>The Prometheus servers in the operator's configuration that a namespace may ask.</summary>
public interface IPrometheusServers
{
    /// <summary>The server's base URL, ending in a slash; null: unknown, or not granted to the namespace.</summary>
    Uri? Find(string name, string @namespace);
}
