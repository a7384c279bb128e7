using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>
/// The step that brings a set with a primary nearer to its topology. At most one change of _votes, or the preparation of a hand-off, or the
/// step-down; everything else that is safe rides along, so that few reconfigs are needed (each costs a heartbeat until it is committed).
/// </summary>
internal sealed class TopologyChange(PlanContext context)
{
    private readonly VoteChanges _votes = new(context);
    private readonly HandOff _handOff = new(context);
    private readonly Arrangement _arrangement = new(context);
    private readonly List<Blocker> _blockers = [];

    /// <summary>The step, or why there is none.</summary>
    public PlanDecision Decide()
    {
        if (context.PrimaryMustMove && _handOff.VotesAllow(context.Config))
        {
            if (_handOff.NotNow(context.Config) is { } notNow)
            {
                _blockers.Add(notNow);
            }
            else if (_handOff.IsPrepared(context.Config) && _handOff.StepDown() is { Successors.Count: > 0 } stepDown)
            {
                return new PlanDecision.Act(stepDown);
            }
            else
            {
                return Reconfigure(context.Config, null, prepare: true);
            }
        }

        var (config, change) = NextVoteChange();
        var prepare = change is not null && context.PrimaryMustMove && _handOff.VotesAllow(config) && _handOff.NotNow(config) is null;
        return Reconfigure(config, change, prepare);
    }

    private (ReplicaSetConfig Config, VoteChange? Change) NextVoteChange()
    {
        if (_votes.Gains.Count + _votes.Losses.Count == 0)
        {
            return (context.Config, null);
        }

        if (_votes.Standstill() is { } standstill)
        {
            _blockers.Add(standstill);
            return (_votes.StandstillOfTheDead() is null ? FirstYield(_votes.Dead) : null) ?? (context.Config, null);
        }

        // A voter that is gone anyway only raises the majority.
        if (FirstYield(_votes.Losses.Where(l => !context.MayBeWell(l.Host))) is { } gone)
        {
            return gone;
        }

        foreach (var gain in _votes.Gains)
        {
            if (_votes.NotReady(gain) is { } notReady)
            {
                _blockers.Add(notReady);
            }
            else if (TryGain(gain) is { } done)
            {
                return done;
            }
        }

        if (FirstYield(_votes.MakingRoom) is { } room)
        {
            return room;
        }

        // Nobody healthy loses a vote while a newcomer is on its way, or before the primary has moved.
        if (!_votes.IsComplete || context.PrimaryMustMove)
        {
            return (context.Config, null);
        }

        return FirstYield(_votes.Losses) ?? (context.Config, null);
    }

    private (ReplicaSetConfig, VoteChange?)? FirstYield(IEnumerable<ConfigMember> losses) =>
        losses.Select(loss => Try(new VoteChange.Yield(loss), _votes.Take(context.Config, loss))).FirstOrDefault(d => d is not null);

    private (ReplicaSetConfig, VoteChange?)? TryGain(Topology.RestMember gain)
    {
        if (context.Config.Voters.Count() >= Topology.VoteAllocation.MaxVotes)
        {
            // R5: one voter yields immediately before the newcomer, never earlier.
            return FirstYield(_votes.Yielding(gain));
        }

        var config = VoteChanges.Give(context.Config, gain);

        // A tie lasts only for the hand-off (R12): the vote that makes it waits until the hand-off can follow, unless it is what is missing.
        if (context.PrimaryMustMove && _handOff.VotesAllow(config) && !_handOff.VotesAllow(context.Config)
            && _handOff.NotNow(config) is { } notNow && !_handOff.Successors(config).Contains(gain.Host))
        {
            _blockers.Add(notNow);
            return null;
        }

        return Try(new VoteChange.Gain(gain.Host), config);
    }

    private (ReplicaSetConfig, VoteChange?)? Try(VoteChange change, ReplicaSetConfig config)
    {
        if (Majorities.Missing(context, config) is { } missing)
        {
            _blockers.Add(missing);
            return null;
        }

        return (config, change);
    }

    private PlanDecision Reconfigure(ReplicaSetConfig withVotes, VoteChange? change, bool prepare)
    {
        var proposed = _arrangement.Adjust(withVotes);
        prepare = prepare && !PrimarySecondaryArbiter.IsRefused(context.Config, _handOff.Prepare(proposed));
        proposed = prepare ? _handOff.Prepare(proposed) : PrimarySecondaryArbiter.FirstTheVote(context, Priorities.Set(context, proposed));
        proposed = _arrangement.Remove(proposed);
        proposed = prepare ? proposed : Additions(proposed, change);
        _blockers.AddRange(_arrangement.Blockers);

        var abandon = !prepare && context.PrimaryMustMove && context.Config.Members.Any(m => m.Priority == 0 && proposed.Find(m.Host) is { Priority: > 0 } && context.History.ZeroedForHandOff(m.Host)) && _handOff.IsPrepared(context.Config);
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
        var added = _arrangement.Add(proposed);
        return change is null && _votes.Gains.Any(g => !g.ArbiterOnly && IsOnTheWay(g)) ? proposed : added;
    }

    private bool IsOnTheWay(Topology.RestMember gain) => _votes.NotReady(gain) is { Reason: PlanReasons.InitialSync or PlanReasons.Stabilizing };

    /// <summary>A vote change that is due soon carries what else there is.</summary>
    private Blocker? RideAlong() => _blockers.FirstOrDefault(b => b.Reason == PlanReasons.Stabilizing && b.Until is { } until
        && until > context.Observed.At && until - context.Observed.At <= context.Policy.RideAlong && _votes.Gains.Count > 0);

    /// <summary>What passes by itself is told first; that a member stays follows from whatever else is told.</summary>
    private static int Rank(Blocker blocker) => blocker switch
    {
        { Reason: PlanReasons.RedundancyAtRisk } => 3,
        { Reason: PlanReasons.MemberUnreachable } => 2,
        { NeedsPerson: true } => 1,
        _ => 0,
    };

    private PlanDecision NothingToDo()
    {
        var first = _blockers.OrderBy(Rank).FirstOrDefault();
        if (first is not null)
        {
            return first.ToDecision();
        }

        if (_votes.IsComplete && _votes.Losses.Count == 0 && !context.PrimaryMustMove && context.Config.Members.Count == context.Rest.Members.Count)
        {
            return WriteConcerns.BeforeALoss(context) ?? new PlanDecision.Settled();
        }

        // The primary may be all that is to lose its vote, and wait for one that the server still holds back.
        return _votes.Standstill()?.ToDecision()
            ?? new PlanDecision.Stalled(PlanReasons.NoSafeStep, "the wanted topology differs from the set, and no safe step leads on from here: this is a defect of the operator, please report it with this object's status");
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
