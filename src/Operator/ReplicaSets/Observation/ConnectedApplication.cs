namespace Modestano.Operator.ReplicaSets.Observation;

/// <summary>Clients of a member that call themselves the same.</summary>
/// <param name="Name">The application name of its connection string, else the driver's name.</param>
/// <param name="Clients">The addresses that it connects from, without ports, sorted.</param>
/// <param name="Connections">How many connections it holds.</param>
public sealed record ConnectedApplication(string Name, IReadOnlyList<string> Clients, int Connections);

/// <summary>Words for a member's applications.</summary>
public static class ConnectedApplications
{
    private const int MostNamed = 3;

    /// <summary>Who they are: <c>2 applications: checkout from 10.0.0.4 and 3 more, mongosh from 10.0.0.9</c>.</summary>
    public static string Describe(IReadOnlyList<ConnectedApplication> applications)
    {
        ArgumentNullException.ThrowIfNull(applications);
        var named = applications.Take(MostNamed).Select(a => $"{a.Name} from {a.Clients[0]}{(a.Clients.Count > 1 ? $" and {a.Clients.Count - 1} more" : "")}");
        return $"{applications.Count} application{(applications.Count == 1 ? "" : "s")}: {string.Join(", ", named)}{(applications.Count > MostNamed ? ", …" : "")}";
    }
}
