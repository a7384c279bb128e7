using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>
/// The step that brings a set with a primary nearer to its topology. At most one change of votes, or the preparation of a hand-off, or the
/// step-down; everything else that is safe rides along, so that few reconfigs are needed (each costs a heartbeat until it is committed).
/// </summary>
internal sealed class TopologyChange(PlanContext context)
{
    private readonly VoteChanges votes = new(context);
    private readonly HandOff handOff = new(context);
    private readonly Arrangement arrangement = new(context);
    private readonly List<Blocker> blockers = [];

    /// <summary>The step, or why there is none.</summary>
    public PlanDecision Decide()
    {
        if (context.PrimaryMustMove && handOff.VotesAllow(context.Config))
        {
            if (handOff.NotNow(context.Config) is { } notNow)
            {
                blockers.Add(notNow);
            }
            else if (handOff.IsPrepared(context.Config))
            {
                return new PlanDecision.Act(handOff.StepDown());
            }
            else
            {
                return Reconfigure(context.Config, null, prepare: true);
            }
        }

        var (config, change) = NextVoteChange();
        var prepare = change is not null && context.PrimaryMustMove && handOff.VotesAllow(config) && handOff.NotNow(config) is null;
        return Reconfigure(config, change, prepare);
    }

    private (ReplicaSetConfig Config, VoteChange? Change) NextVoteChange()
    {
        if (votes.Gains.Count + votes.Losses.Count == 0)
        {
            return (context.Config, null);
        }

        if (votes.Standstill() is { } standstill)
        {
            blockers.Add(standstill);
            return (context.Config, null);
        }

        // A voter that is gone anyway only raises the majority.
        foreach (var dead in votes.Losses.Where(l => !context.IsClose(l.Host)))
        {
            if (Try(new VoteChange.Yield(dead), votes.Take(context.Config, dead)) is { } done)
            {
                return done;
            }
        }

        foreach (var gain in votes.Gains)
        {
            if (votes.NotReady(gain) is { } notReady)
            {
                blockers.Add(notReady);
            }
            else if (TryGain(gain) is { } done)
            {
                return done;
            }
        }

        // Nobody healthy loses a vote while a newcomer is on its way, or before the primary has moved.
        if (!votes.IsComplete || context.PrimaryMustMove)
        {
            return (context.Config, null);
        }

        foreach (var loss in votes.Losses)
        {
            if (Try(new VoteChange.Yield(loss), votes.Take(context.Config, loss)) is { } done)
            {
                return done;
            }
        }

        return (context.Config, null);
    }

    private (ReplicaSetConfig, VoteChange?)? TryGain(Topology.RestMember gain)
    {
        if (context.Config.Voters.Count() >= Topology.VoteAllocation.MaxVotes)
        {
            // R5: one voter yields immediately before the newcomer, never earlier.
            return votes.Yielding(gain).Select(loss => Try(new VoteChange.Yield(loss), votes.Take(context.Config, loss))).FirstOrDefault(d => d is not null);
        }

        var config = VoteChanges.Give(context.Config, gain);

        // A tie lasts only for the hand-off (R12): the vote that makes it waits until the hand-off can follow, unless it is what is missing.
        if (context.PrimaryMustMove && handOff.VotesAllow(config) && !handOff.VotesAllow(context.Config)
            && handOff.NotNow(config) is { } notNow && !handOff.Successors(config).Contains(gain.Host))
        {
            blockers.Add(notNow);
            return null;
        }

        return Try(new VoteChange.Gain(gain.Host), config);
    }

    private (ReplicaSetConfig, VoteChange?)? Try(VoteChange change, ReplicaSetConfig config)
    {
        if (Majorities.Missing(context, config) is { } missing)
        {
            blockers.Add(missing);
            return null;
        }

        return (config, change);
    }

    private PlanDecision Reconfigure(ReplicaSetConfig withVotes, VoteChange? change, bool prepare)
    {
        var proposed = arrangement.Adjust(withVotes);
        proposed = prepare ? handOff.Prepare(proposed) : Priorities.Set(context, proposed);
        proposed = arrangement.Remove(proposed);
        proposed = Additions(proposed, change);
        blockers.AddRange(arrangement.Blockers);

        var abandon = !prepare && context.PrimaryMustMove && context.Config.Members.Any(m => m.Priority == 0 && proposed.Find(m.Host) is { Priority: > 0 } && context.History.ZeroedForHandOff(m.Host)) && handOff.IsPrepared(context.Config);
        if (change is null && !prepare && !abandon && RideAlong() is { } later)
        {
            return later.ToDecision();
        }

        if (ConfigChanges.Between(context.Config, proposed, context.Primary.Host) is not { } step)
        {
            return NothingToDo();
        }

        if (Majorities.Missing(context, proposed) is { } missing)
        {
            return missing.ToDecision();
        }

        if (WriteConcerns.Guard(context, proposed) is { } writeConcern)
        {
            return writeConcern;
        }

        var purpose = StepSummary.Purpose(step, change, prepare, abandon);
        return new PlanDecision.Act(step with { Purpose = purpose, Summary = StepSummary.Of(context, step, proposed, purpose) });
    }

    /// <summary>Members that wait for their turn to copy ride on the vote change of one that is on its way, unless nobody is.</summary>
    private ReplicaSetConfig Additions(ReplicaSetConfig proposed, VoteChange? change)
    {
        var added = arrangement.Add(proposed);
        return change is null && votes.Gains.Any(g => !g.ArbiterOnly && IsOnTheWay(g)) ? proposed : added;
    }

    private bool IsOnTheWay(Topology.RestMember gain) => votes.NotReady(gain) is { Reason: PlanReasons.InitialSync or PlanReasons.Stabilizing };

    /// <summary>A vote change that is due soon carries what else there is.</summary>
    private Blocker? RideAlong() => blockers.FirstOrDefault(b => b.Reason == PlanReasons.Stabilizing && b.Until is { } until
        && until > context.Observed.At && until - context.Observed.At <= context.Policy.RideAlong && votes.Gains.Count > 0);

    private PlanDecision NothingToDo()
    {
        var first = blockers.OrderBy(b => b.Reason == PlanReasons.MemberUnreachable ? 2 : b.NeedsPerson ? 1 : 0).FirstOrDefault();
        if (first is not null)
        {
            return first.ToDecision();
        }

        return votes.IsComplete && votes.Losses.Count == 0 && !context.PrimaryMustMove && context.Config.Members.Count == context.Rest.Members.Count
            ? new PlanDecision.Settled()
            : new PlanDecision.Stalled(PlanReasons.NoSafeStep, "the wanted topology differs from the set, and no safe step leads on from here: this is a defect of the operator, please report it with this object's status");
    }
}

/// <summary>One change of one vote (R2).</summary>
internal abstract record VoteChange
{
    private VoteChange()
    {
    }

    /// <summary>A member gets its vote.</summary>
    public sealed record Gain(string Host) : VoteChange;

    /// <summary>A member gives its vote away, or leaves with it.</summary>
    public sealed record Yield(ConfigMember Member) : VoteChange;
}
