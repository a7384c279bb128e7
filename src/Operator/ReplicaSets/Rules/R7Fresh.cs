using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>A reconfig is computed from the configuration (version, term) that was read in the same pass, and runs on the primary.</summary>
internal sealed class R7Fresh : IReplicaSetRule
{
    public string Name => nameof(R7Fresh);

    public string? Check(ProposedStep proposed)
    {
        if (proposed.Step is not Reconfig reconfig)
        {
            return null;
        }

        if (reconfig.BaseVersion != proposed.Current.Version || reconfig.BaseTerm != proposed.Current.Term)
        {
            return $"computed from (version {reconfig.BaseVersion}, term {reconfig.BaseTerm}), in force is (version {proposed.Current.Version}, term {proposed.Current.Term})";
        }

        if (!reconfig.Force && reconfig.RunOn != proposed.Observed.Primary)
        {
            return $"it would run on {reconfig.RunOn}, which is not the primary";
        }

        return reconfig.Edits.Select(e => (e.Id, e.Host)).Concat(reconfig.Removals.Select(r => (r.Id, r.Host))).FirstOrDefault(k => proposed.Current.Members.All(m => m.Id != k.Id || m.Host != k.Host)) is { Host: not null } unknown
            ? $"no member has _id {unknown.Id} and host {unknown.Host}"
            : null;
    }
}
