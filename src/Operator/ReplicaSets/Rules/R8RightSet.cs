using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Situations;

namespace Modestano.Operator.ReplicaSets.Rules;

/// <summary>
/// A member is added only if its own <c>replSetGetStatus</c> answers 94 (never initialised), or 93 (removed) with our <c>replicaSetId</c>:
/// a member of another set of the same name joins without complaint, and <c>hello</c> looks the same for both (seen). With authorization on,
/// a member without users answers neither: then a person's attestation counts, and only then. A member gets another host name only where both
/// names lead to one process.
/// </summary>
internal sealed class R8RightSet : IReplicaSetRule
{
    public string Name => nameof(R8RightSet);

    public string? Check(ProposedStep proposed)
    {
        IReadOnlyList<string> joining = proposed.Step switch
        {
            Reconfig reconfig => [.. reconfig.Additions.Select(a => a.Host)],
            Initiate initiate => [initiate.Member.Host],
            _ => [],
        };
        if (proposed.Step is Reconfig { Edits: var edits } && edits.FirstOrDefault(e => e.NewHost is not null && !TwoNames.IsSameProcess(proposed.Observed, e.Host, e.NewHost)) is { } other)
        {
            return $"{other.Host} would be renamed to {other.NewHost}, which is not seen to be the same process";
        }

        return joining.FirstOrDefault(h => !IsRight(proposed.Observed.Member(h), proposed)) is { } host
            ? $"{host} answers {proposed.Observed.Member(host).OwnStatus} with replicaSetId {proposed.Observed.Member(host).OwnReplicaSetId ?? "none"}"
            : null;
    }

    private static bool IsRight(ObservedMember member, ProposedStep proposed) => member.Reachable && member.NotSupportedAs is null && member.OwnStatus switch
    {
        OwnStatus.NotYetInitialized => true,
        OwnStatus.Removed => proposed.Observed.ReplicaSetId is { } ours && member.OwnReplicaSetId == ours,
        OwnStatus.LoginRequired => member.NamesNoSet && proposed.Step is not Initiate && proposed.Desired.Find(member.Host) is { AttestedUninitialised: true },
        _ => false,
    };
}
