namespace Modestano.Testbed.Mongo.Model;

/// <summary>Decides whether a candidate gets this member's vote, one per term, and keeps it on disk before it is told.</summary>
internal sealed class VoteResponder(MemberProcess process)
{
    /// <summary>The last vote given to another member, for <c>electionParticipantMetrics</c>; null before the first.</summary>
    public VoteRecord? Last { get; private set; }

    public void Answer(VoteRequest request, Action<VoteReply> respond)
    {
        if (!request.DryRun)
        {
            process.Topology.NoteTerm(request.Term);
        }

        var refusal = Refusal(request);
        var reply = new VoteReply(process.Topology.Term, refusal is null, refusal ?? "");
        var vote = refusal is null ? "yes" : "no";
        process.Trace($"votes {vote} for member {request.CandidateId} in term {request.Term}{(request.DryRun ? " (dry run)" : "")}");
        if (request.DryRun || process.Topology.Self is null)
        {
            respond(reply);
            return;
        }

        Last = new VoteRecord(
            refusal is null, request.Term, process.Now, request.CandidateId, reply.Reason, process.Applier.LastApplied,
            process.Views.All.Select(view => view.Applied).Append(process.Applier.LastApplied).Max(), process.Topology.Self.Priority);
        if (refusal is not null)
        {
            respond(reply);
            return;
        }

        process.Disk.LastVote = (request.Term, request.CandidateId);
        process.After(process.Member.Speed.JournalDelay, () => respond(reply));
    }

    private string? Refusal(VoteRequest request)
    {
        var topology = process.Topology;
        if (topology.Config is not { } config || topology.Self is null)
        {
            return "cannot vote while not a member of the set";
        }

        if (request.Term < topology.Term)
        {
            return $"candidate's term ({request.Term}) is lower than mine ({topology.Term})";
        }

        if (request.SetName != config.Name)
        {
            return $"candidate's set name ({request.SetName}) differs from mine ({config.Name})";
        }

        if (request.ConfigVersion < config.VersionAndTerm)
        {
            return $"candidate's config with {request.ConfigVersion} is older than mine with {config.VersionAndTerm}";
        }

        var applied = process.Applier.LastApplied;
        if (topology.Self.IsDataBearing && request.LastApplied < applied)
        {
            return "candidate's data is staler than mine. " +
                $"candidate's last applied OpTime: {request.LastApplied}, my last applied OpTime: {applied}";
        }

        if (!request.DryRun && process.Disk.LastVote.Term >= request.Term)
        {
            var votedFor = config.FindById(process.Disk.LastVote.CandidateId)?.Host ?? "";
            return $"already voted for another candidate ({votedFor}) this term ({process.Disk.LastVote.Term})";
        }

        return topology.Self.ArbiterOnly && topology.Primary is { } primary && primary.Id != request.CandidateId &&
            config.FindById(request.CandidateId)?.Priority <= primary.Priority
            ? $"can see a healthy primary ({primary.Host}) of equal or greater priority"
            : null;
    }
}

/// <summary>How this member took part in the last election of another one.</summary>
internal sealed record VoteRecord(
    bool Granted, long Term, DateTime At, int CandidateId, string Reason, OpTime LastApplied, OpTime NewestInSet, double Priority)
{
    /// <summary>When the winner's first entry was written; null until it arrived here.</summary>
    public DateTime? NewTermStart { get; set; }

    public DateTime? NewTermApplied { get; set; }
}
