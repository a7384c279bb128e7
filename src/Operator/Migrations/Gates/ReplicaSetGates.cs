using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>The gates that every migration has: the region that traffic goes to must be able to serve it. Pure.</summary>
public static class ReplicaSetGates
{
    /// <summary>Whether a majority serves, and the region's voters.</summary>
    public const string VotersGate = "voters";

    /// <summary>Whether the region's voters are not behind.</summary>
    public const string LagGate = "replication-lag";

    /// <summary>The names of the gates.</summary>
    public static IReadOnlyList<string> Names { get; } = ["primary", VotersGate, LagGate, "oplog-window"];

    /// <summary>Evaluates the gates.</summary>
    /// <param name="health">The replica set as just observed; null: it could not be observed.</param>
    /// <param name="region">The region that traffic or primary go to.</param>
    /// <param name="spec">The limits.</param>
    /// <param name="minOplogWindow">What a candidate for primary must hold (<c>spec.reconfiguration.minOplogWindow</c> of the replica set).</param>
    /// <param name="now">The moment of the evaluation.</param>
    public static IReadOnlyList<GateStatus> Evaluate(ReplicaSetHealth? health, string region, GatesSpec spec, TimeSpan minOplogWindow, DateTimeOffset now)
    {
        if (health is null)
        {
            return [.. Names.Select(name => Gate(name, GateVerdict.Unknown, null, null, "the replica set could not be observed"))];
        }

        var voters = health.Members.Where(m => m.IsVoter).ToList();
        var regional = health.Members.Where(m => m.Region == region && m.IsDataBearing && m.IsVoter).ToList();
        return [Primary(), Voters(), Lag(), OplogWindow()];

        GateStatus Primary() => health.Primary is null
            ? Gate("primary", GateVerdict.Failing, null, null, "no primary is known")
            : Gate("primary", GateVerdict.Passing, null, null, "a primary is known");

        GateStatus Voters()
        {
            var serving = voters.Count(v => v.IsServing);
            var majority = (voters.Count / 2) + 1;
            var figure = string.Create(CultureInfo.InvariantCulture, $"{serving}/{voters.Count}");
            if (serving < majority)
            {
                return Gate(VotersGate, GateVerdict.Failing, figure, $"{majority}", "fewer voters serve than make a majority");
            }

            if (regional.Count == 0)
            {
                return Gate(VotersGate, GateVerdict.Failing, figure, null, $"no data-bearing member in {region} has a vote");
            }

            return regional.FirstOrDefault(m => !m.IsServing) is { } down
                ? Gate(VotersGate, GateVerdict.Failing, figure, null, $"{down.Host} in {region} does not serve")
                : Gate(VotersGate, GateVerdict.Passing, figure, null, $"every voter in {region} serves");
        }

        GateStatus Lag()
        {
            var limit = spec.MaxReplicationLag.ToString();
            if (regional.FirstOrDefault(m => m.Lag is null) is { } unknown)
            {
                return Gate(LagGate, GateVerdict.Unknown, null, limit, $"the lag of {unknown.Host} is not known");
            }

            var worst = regional.MaxBy(m => m.Lag);
            var figure = worst?.Lag is { } lag ? string.Create(CultureInfo.InvariantCulture, $"{lag.TotalSeconds:0}s") : null;
            return worst?.Lag > spec.MaxReplicationLag.Value
                ? Gate(LagGate, GateVerdict.Failing, figure, limit, $"{worst.Host} is further behind than {limit}")
                : Gate(LagGate, GateVerdict.Passing, figure, limit, $"no voter in {region} is further behind than {limit}");
        }

        GateStatus OplogWindow()
        {
            var limit = new Duration(minOplogWindow).ToString();
            if (minOplogWindow == TimeSpan.Zero)
            {
                return Gate("oplog-window", GateVerdict.Passing, null, limit, "no limit is set");
            }

            if (regional.FirstOrDefault(m => m.OplogWindow is null) is { } unknown)
            {
                return Gate("oplog-window", GateVerdict.Unknown, null, limit, $"the oplog window of {unknown.Host} is not known");
            }

            var least = regional.MinBy(m => m.OplogWindow);
            return least?.OplogWindow < minOplogWindow
                ? Gate("oplog-window", GateVerdict.Failing, new Duration(least.OplogWindow!.Value).ToString(), limit, $"the oplog of {least.Host} covers less than {limit}")
                : Gate("oplog-window", GateVerdict.Passing, null, limit, $"every voter in {region} covers {limit}");
        }

        GateStatus Gate(string name, string result, string? value, string? limit, string message) =>
            new() { Name = name, Result = result, Value = value, Limit = limit, Message = message, Time = now.UtcDateTime };
    }
}
