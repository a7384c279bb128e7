using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>
/// No step leaves fewer healthy, caught-up voters than elect a primary in the configuration that it makes, nor fewer caught-up data-bearing
/// voters than acknowledge a majority write there. The two differ as soon as there is an arbiter (manual: Replica Set Elections; Write
/// Concern, "majority").
/// </summary>
internal sealed class R1Majority : IReplicaSetRule
{
    public string Name => nameof(R1Majority);

    public string? Check(ProposedStep proposed)
    {
        if (proposed.Step is Initiate or Reconfig { Force: true } or SetDefaultWriteConcern)
        {
            return null;
        }

        // An arbiter that joins has nothing to catch up with: that it answers is enough.
        var healthy = proposed.Next.Voters.Where(v => v.ArbiterOnly && proposed.Current.Find(v.Host) is null ? proposed.Observed.Member(v.Host).Reachable : proposed.IsClose(v)).ToList();
        if (healthy.Count < proposed.Next.ElectionMajority)
        {
            return $"{healthy.Count} healthy voters of {proposed.Next.Voters.Count()}, {proposed.Next.ElectionMajority} elect a primary";
        }

        var dataBearing = healthy.Count(v => !v.ArbiterOnly);
        return dataBearing < proposed.Next.WriteMajority ? $"{dataBearing} caught-up data-bearing voters, {proposed.Next.WriteMajority} acknowledge a majority write" : null;
    }
}
