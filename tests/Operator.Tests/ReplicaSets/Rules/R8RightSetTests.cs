using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Rules;

/// <summary>R8: who joins was never in a set, or was removed from this one.</summary>
public class R8RightSetTests
{
    private const string OtherId = "7c154673122f5f68412e1743";
    private static readonly ReplicaSetConfig Three = Sets.Rested('a', "a1", "a2", "a3");
    private static readonly ReplicaSetConfig Four = Sets.Rested('a', "a1", "a2", "a3", "b1").With("b1", Sets.Joined);

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Row.Kept("Never_initialised", Joins(m => m));
        yield return Row.Kept("Removed_from_this_set", Joins(m => m with { OwnStatus = OwnStatus.Removed, OwnReplicaSetId = Sets.Id }));
        yield return Row.Broken("Removed_from_another_set", Joins(m => m with { OwnStatus = OwnStatus.Removed, OwnReplicaSetId = OtherId }), OtherId);
        yield return Row.Broken("Removed_from_nobody_knows_which_set", Joins(m => m with { OwnStatus = OwnStatus.Removed }), "replicaSetId none");
        yield return Row.Broken("In_a_set_already", Joins(m => m with { OwnStatus = OwnStatus.Member, OwnReplicaSetId = OtherId }), "answers Member");
        yield return Row.Broken("A_standalone", Joins(m => m with { OwnStatus = OwnStatus.NoReplicationEnabled }), "answers NoReplicationEnabled");
        yield return Row.Broken("Silent", Joins(m => m with { Reachable = false }), "b1:27017 answers");
        yield return Row.Broken("Without_users_and_nobodys_word", Joins(Locked), "answers LoginRequired");
        yield return Row.Kept("Without_users_on_a_persons_word", Joins(Locked, attested: true));
        yield return Row.Broken("A_persons_word_against_its_own_hello", Joins(m => Locked(m) with { NamesNoSet = false }, attested: true), "answers LoginRequired");
        yield return Row.Broken("A_persons_word_against_its_own_status", Joins(m => m with { OwnStatus = OwnStatus.Removed, OwnReplicaSetId = OtherId, NamesNoSet = true }, attested: true), OtherId);
        yield return Row.Broken("An_initiation_takes_nobodys_word", new()
        {
            From = Three with { Members = [] },
            Step = new Initiate { Summary = "", SetName = "rs0", Member = Sets.Member(0, "b1") },
            Wanted = Sets.Topology("b", [Sets.Wanted("b1") with { AttestedUninitialised = true }]),
            Seen = o => o.With("b1", m => Locked(m with { Host = Sets.Host("b1"), Reachable = true })),
        }, "answers LoginRequired");
    }

    [TestCaseSource(nameof(Cases))]
    public void R8(OnTrial trial, string? words) => Row.Assert(new R8RightSet(), trial, words);

    private static ObservedMember Locked(ObservedMember member) => member with { OwnStatus = OwnStatus.LoginRequired, NamesNoSet = true };

    private static OnTrial Joins(Func<ObservedMember, ObservedMember> newcomer, bool attested = false) => new()
    {
        From = Three,
        To = Four,
        Seen = o => o.With("b1", newcomer),
        Wanted = Sets.Topology("a", [.. Sets.Names('a', 3).Select(Sets.Wanted), Sets.Wanted("b1") with { AttestedUninitialised = attested }]),
    };
}
