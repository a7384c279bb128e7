using System.Globalization;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>
/// What a roll-back asks of the region that it goes to (D5): the set has a majority, and at least half of the region's members serve and are
/// not behind. One member that is down there is no reason to leave traffic where it fails; a region that is dead or far behind is. Members
/// without a vote count: once the primary has left, one in the old region has yielded its vote (R12), and of two voters one may be down. The
/// health checks of its endpoints are each record's own business, so that one bad endpoint does not keep the other records back. Pure.
/// </summary>
internal static class WayBackGates
{
    /// <summary>Evaluates the gates.</summary>
    /// <param name="health">The replica set as observed since the roll-back began; null: it could not be observed.</param>
    /// <param name="region">The region to go back to.</param>
    /// <param name="spec">The limits.</param>
    /// <param name="now">The moment of the evaluation.</param>
    public static IReadOnlyList<GateStatus> Evaluate(ReplicaSetHealth? health, string region, GatesSpec spec, DateTimeOffset now)
    {
        var limit = spec.MaxReplicationLag;
        if (health is null)
        {
            const string unseen = "the replica set could not be observed since the roll-back began";
            return [Gate(ReplicaSetGates.VotersGate, GateVerdict.Unknown, null, null, unseen), Gate(ReplicaSetGates.LagGate, GateVerdict.Unknown, null, $"{limit}", unseen)];
        }

        var voters = health.Members.Where(m => m.IsVoter).ToList();
        var regional = health.Members.Where(m => m.Region == region && m.IsDataBearing && (m.IsVoter || m.IsVisible)).ToList();
        return [Voters(), Lag()];

        GateStatus Voters()
        {
            var serving = voters.Count(v => v.IsServing);
            var majority = (voters.Count / 2) + 1;
            var figure = string.Create(CultureInfo.InvariantCulture, $"{serving}/{voters.Count}");
            if (serving < majority)
            {
                return Gate(ReplicaSetGates.VotersGate, GateVerdict.Failing, figure, $"{majority}", "fewer voters serve than make a majority");
            }

            if (!regional.Exists(m => m.IsVoter))
            {
                return Gate(ReplicaSetGates.VotersGate, GateVerdict.Failing, figure, null, $"no data-bearing member in {region} has a vote");
            }

            return HalfOf(m => m.IsServing)
                ? Gate(ReplicaSetGates.VotersGate, GateVerdict.Passing, figure, null, $"half of the members in {region} or more serve")
                : Gate(ReplicaSetGates.VotersGate, GateVerdict.Failing, figure, null, $"most members in {region} do not serve: {Names(regional.Where(m => !m.IsServing))}");
        }

        GateStatus Lag()
        {
            var serving = regional.Where(m => m.IsServing).ToList();
            if (HalfOf(m => m.IsServing && m.Lag <= limit.Value))
            {
                return Gate(ReplicaSetGates.LagGate, GateVerdict.Passing, null, $"{limit}", $"half of the members in {region} or more are not further behind than {limit}");
            }

            if (serving.FirstOrDefault(m => m.Lag is null) is { } unknown)
            {
                return Gate(ReplicaSetGates.LagGate, GateVerdict.Unknown, null, $"{limit}", $"the lag of {unknown.Host} is not known");
            }

            return serving.MaxBy(m => m.Lag) is { Lag: { } lag } worst && lag > limit.Value
                ? Gate(ReplicaSetGates.LagGate, GateVerdict.Failing, string.Create(CultureInfo.InvariantCulture, $"{lag.TotalSeconds:0}s"), $"{limit}", $"{worst.Host} is further behind than {limit}")
                : Gate(ReplicaSetGates.LagGate, GateVerdict.Failing, null, $"{limit}", $"most members in {region} do not serve");
        }

        bool HalfOf(Func<MemberFigures, bool> fit) => regional.Count > 0 && 2 * regional.Count(fit) >= regional.Count;

        GateStatus Gate(string name, string result, string? value, string? limitText, string message) =>
            new() { Name = name, Result = result, Value = value, Limit = limitText, Message = message, Time = now.UtcDateTime };
    }

    private static string Names(IEnumerable<MemberFigures> members) => string.Join(", ", members.Select(m => m.Host).Order(StringComparer.Ordinal));
}
