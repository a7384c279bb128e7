using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning.Changes;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Planning.Situations;

/// <summary>
/// One member under two names: the configuration's, and another one in the spec. Adding it by the other name would make it a member twice,
/// and to remove it first would cost its redundancy. It is renamed in place (manual: Change Hostnames in a Self-Managed Replica Set; the server
/// takes another host under the same <c>_id</c> and keeps its vote, seen), and only where both names are proved to lead to one process.
/// </summary>
internal static class TwoNames
{
    /// <summary>The rename, or why there is none; null: no member goes by two names.</summary>
    public static PlanDecision? Decide(PlanContext context)
    {
        if (Renaming(context) is { } renaming)
        {
            return renaming;
        }

        foreach (var wanted in context.Desired.Members.Where(m => context.Config.Find(m.Host) is null))
        {
            if (IsKnownAs(context.Observed, wanted.Host) is { } known)
            {
                return Decide(context, wanted, known);
            }
        }

        return null;
    }

    /// <summary>The member of the configuration that a host outside it is; null: none that is known.</summary>
    public static ConfigMember? IsKnownAs(ObservedReplicaSet observed, string host)
    {
        var member = observed.Member(host);
        var config = observed.Config!;
        if (member.OwnReplicaSetId is { } own && own != observed.ReplicaSetId)
        {
            return null;
        }

        return (member is { OwnStatus: OwnStatus.Member or OwnStatus.Arbiter, OwnName: { } name } ? config.Find(name) : null)
            ?? config.Members.FirstOrDefault(m => IsSameProcess(observed, m.Host, host));
    }

    /// <summary>Whether both names were seen, in this pass, to lead to one process.</summary>
    public static bool IsSameProcess(ObservedReplicaSet observed, string one, string other) =>
        observed.Member(one) is { Reachable: true, ProcessId: { } process } && observed.Member(other) is { Reachable: true } also && also.ProcessId == process;

    private static PlanDecision Decide(PlanContext context, DesiredMember wanted, ConfigMember known)
    {
        var said = $"{wanted.Host} is {known.Host}, which the configuration knows by that name";
        if (context.Desired.Find(known.Host) is not null)
        {
            return Stalled($"{said}, and the spec names both: take one of them out");
        }

        if (!IsSameProcess(context.Observed, known.Host, wanted.Host))
        {
            return Stalled($"{said}. That both lead to one process could not be seen{Why(context.Observed, known.Host)}, so it is not renamed: write {known.Host} in the spec, or have both names lead to it");
        }

        if (known.Id == context.Primary.Id)
        {
            return Stalled($"{said}, and it is the primary, which is not renamed: write {known.Host} in the spec until another member is primary");
        }

        if (context.Observed.Member(wanted.Host) is { OwnStatus: not (OwnStatus.Member or OwnStatus.Arbiter or OwnStatus.Removed) })
        {
            return Stalled($"{said}, and does not let the operator log in by that name: mend that first");
        }

        if (RestPlan.DiffersForGood(wanted, known))
        {
            return new PlanDecision.Stalled(PlanReasons.ImmutableMemberField, RestPlan.ImmutableWords(known.Host));
        }

        // Nobody knows beforehand whether the others reach it by the new name: the set must be able to do without it.
        var step = Rename(context, known, wanted.Host);
        return Majorities.Missing(context, ConfigChanges.Apply(context.Config, step)) is null
            ? new PlanDecision.Act(step)
            : new PlanDecision.Wait(
                PlanReasons.MajorityAtRisk,
                $"{said}. It is renamed when the set has both majorities without it, as nobody knows beforehand whether the others reach it by the new name: bring the others back; a set that is too small for that is renamed by hand");
    }

    private static Reconfig Rename(PlanContext context, ConfigMember known, string host) => new()
    {
        Purpose = ReconfigPurpose.Rename,
        Summary = $"rename {known.Host} to {host}, which leads to the same process; its vote stays",
        RunOn = context.Primary.Host,
        BaseVersion = context.Config.Version,
        BaseTerm = context.Config.Term,
        Edits = [new MemberEdit(known.Id, known.Host) { NewHost = host, Tags = Marked(context, known) }, .. Unmarked(context, known)],
    };

    // R11: every reconfig leaves our mark.
    private static IEnumerable<MemberEdit> Unmarked(PlanContext context, ConfigMember renamed) => context.Config.Members
        .Where(m => m.Id != renamed.Id && Marked(context, m) is not null)
        .Select(m => new MemberEdit(m.Id, m.Host) { Tags = Marked(context, m) });

    private static SortedDictionary<string, string>? Marked(PlanContext context, ConfigMember member) =>
        member.ArbiterOnly || WriteConcernModes.Use(context.Config.Settings, TagNames.Owner) || (member.Tags.TryGetValue(TagNames.Owner, out var owner) && owner == context.Desired.Owner)
            ? null
            : new SortedDictionary<string, string>(member.Tags.ToDictionary(), StringComparer.Ordinal) { [TagNames.Owner] = context.Desired.Owner };

    /// <summary>After a rename of ours nothing else is done until every member sees it healthy by its new name.</summary>
    private static PlanDecision.Wait? Renaming(PlanContext context)
    {
        foreach (var edit in context.History.Steps.Where(s => s.Outcome != StepOutcome.Refused).Select(s => s.Step).OfType<Reconfig>().SelectMany(r => r.Edits).Where(e => e.NewHost is not null))
        {
            if (context.Config.Find(edit.NewHost!) is not { } renamed || renamed.Id != edit.Id || IsWantedByItsOldName(context, edit))
            {
                continue;
            }

            var member = context.Observed.Member(renamed.Host);
            var blind = context.Config.Members
                .Where(m => m.Id != renamed.Id && context.Observed.Member(m.Host).Healthy == true && MemberHealth.TellsWhomItSees(context.Observed, m) && !member.SeenHealthyBy.Contains(m.Host))
                .Select(m => m.Host)
                .ToList();
            if (member.Healthy != true || blind.Count > 0)
            {
                return new PlanDecision.Wait(
                    PlanReasons.Renaming,
                    $"{edit.Host} was renamed to {renamed.Host}, and {(blind.Count > 0 ? $"{NameList.Of(blind)} {(blind.Count == 1 ? "does" : "do")} not see it healthy" : "the primary does not see it healthy")} by that name: have every member resolve and reach it. Writing {edit.Host} in the spec again takes the rename back");
            }
        }

        return null;
    }

    private static bool IsWantedByItsOldName(PlanContext context, MemberEdit edit) =>
        context.Desired.Find(edit.Host) is not null && context.Desired.Find(edit.NewHost!) is null;

    private static PlanDecision.Stalled Stalled(string message) => new(PlanReasons.MemberHasTwoNames, message);

    private static string Why(ObservedReplicaSet observed, string host) =>
        observed.Member(host) is { Reachable: false } silent ? $" ({host}: {silent.ConnectionError ?? "no answer"})" : "";
}
