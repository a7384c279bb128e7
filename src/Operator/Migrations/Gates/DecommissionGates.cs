using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>What must hold before members leave for good (M5): the others can carry the set, and nobody uses those that leave. Pure.</summary>
public static class DecommissionGates
{
    /// <summary>Whether every data-bearing member that stays serves (R1, R9).</summary>
    public const string Redundancy = "redundancy";

    /// <summary>Whether no application is connected to a member that leaves.</summary>
    public const string Connections = "application-connections";

    /// <summary>Evaluates the gates.</summary>
    /// <param name="health">The replica set as just observed; null: it could not be observed.</param>
    /// <param name="staying">The data-bearing hosts that stay.</param>
    /// <param name="hidden">The hosts that are hidden before they leave; empty: not yet, so nobody can be expected to have let go.</param>
    /// <param name="now">The moment of the evaluation.</param>
    public static IEnumerable<GateStatus> Evaluate(ReplicaSetHealth? health, IReadOnlyCollection<string> staying, IReadOnlyCollection<string> hidden, DateTimeOffset now)
    {
        yield return Staying(health, staying, now);
        if (hidden.Count > 0)
        {
            yield return Connected(health, hidden, now);
        }
    }

    private static GateStatus Staying(ReplicaSetHealth? health, IReadOnlyCollection<string> staying, DateTimeOffset now)
    {
        GateStatus Gate(string result, string? value, string message) =>
            new() { Name = Redundancy, Result = result, Value = value, Limit = Text(staying.Count), Message = message, Time = now.UtcDateTime };

        if (health is null)
        {
            return Gate(GateVerdict.Unknown, null, "the replica set could not be observed");
        }

        var serving = health.Members.Where(m => m.IsServing).Select(m => m.Host).ToHashSet(HostNames.Comparer);
        var figure = Text(staying.Count(serving.Contains));
        return staying.FirstOrDefault(h => !serving.Contains(h)) is { } missing
            ? Gate(GateVerdict.Failing, figure, $"{missing} would have to carry the set with the others that stay, and does not serve")
            : Gate(GateVerdict.Passing, figure, "every member that stays serves");
    }

    private static GateStatus Connected(ReplicaSetHealth? health, IReadOnlyCollection<string> hidden, DateTimeOffset now)
    {
        GateStatus Gate(string result, string? value, string message) =>
            new() { Name = Connections, Result = result, Value = value, Limit = "0", Message = message, Time = now.UtcDateTime };

        var members = hidden.Select(host => (Host: host, health?.Members.FirstOrDefault(m => HostNames.Same(m.Host, host))?.Applications)).ToList();
        if (members.Find(m => m.Applications is null) is { Host: { } silent })
        {
            return Gate(GateVerdict.Unknown, null, $"{silent} did not tell who is connected to it: it must be reachable, and the operator's user needs the role clusterMonitor");
        }

        var connections = members.Sum(m => m.Applications!.Sum(a => a.Connections));
        return members.Find(m => m.Applications!.Count > 0) is { Host: { } used } busy
            ? Gate(GateVerdict.Failing, Text(connections), $"{used} is used by {ConnectedApplications.Describe(busy.Applications!)}; stop them or give them the new hosts")
            : Gate(GateVerdict.Passing, Text(connections), "no application is connected to a member that leaves");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
