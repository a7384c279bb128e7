using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning.Admission;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>
/// The default write concern that 5.0 and later have where nobody set one. They refuse a reconfig that would change it, a forced one too, until
/// <c>setDefaultRWConcern</c> was run, which needs a primary (manual: Write Concern, Implicit Default Write Concern; replSetReconfig).
/// </summary>
internal static class ImplicitDefault
{
    /// <summary>Majority, but w: 1 where there are arbiters and the data-bearing voters are no more than a voting majority.</summary>
    public static string Of(ReplicaSetConfig config)
    {
        var dataBearing = config.Voters.Count(v => !v.ArbiterOnly);
        return config.Members.Any(m => m.ArbiterOnly) && dataBearing <= config.ElectionMajority ? "1" : "majority";
    }

    /// <summary>
    /// What a reconfig would do to it; null: nothing that the server minds, as it stays, was made explicit, or release or feature compatibility
    /// version is an earlier one. What is not known counts as implicit.
    /// </summary>
    public static ImplicitChange? Change(ObservedReplicaSet observed, string runOn, ReplicaSetConfig now, ReplicaSetConfig then)
    {
        var member = observed.Member(runOn);
        if (observed.DefaultWriteConcern is { IsExplicit: true } || Release.Of(member) < FirstRelease || FeatureVersions.Major(member) < FirstRelease)
        {
            return null;
        }

        var change = new ImplicitChange(Of(now), Of(then));
        return change.From == change.To ? null : change;
    }

    private const int FirstRelease = 5;
}

/// <summary>From one implicit default to another.</summary>
/// <param name="From">w now.</param>
/// <param name="To">w after the reconfig.</param>
internal sealed record ImplicitChange(string From, string To);
