namespace Modestano.Testbed.Mongo.Model;

/// <summary>A candidate asks for a vote; a dry run asks without consequences.</summary>
internal sealed record VoteRequest(
    string SetName, bool DryRun, long Term, int CandidateId, ConfigVersion ConfigVersion, OpTime LastApplied);

/// <param name="Term">Newest term of the one who answers.</param>
/// <param name="Granted">Whether it votes for the candidate.</param>
/// <param name="Reason">Why not.</param>
internal sealed record VoteReply(long Term, bool Granted, string Reason);

/// <summary>Why a member runs, in the words of <c>electionCandidateMetrics.lastElectionReason</c>.</summary>
internal static class ElectionReason
{
    public const string ElectionTimeout = "electionTimeout";
    public const string PriorityTakeover = "priorityTakeover";
    public const string CatchUpTakeover = "catchupTakeover";
    public const string StepUpRequest = "stepUpRequest";
    public const string StepUpRequestSkipDryRun = "stepUpRequestSkipDryRun";
    public const string SingleNodePromptElection = "singleNodePromptElection";
}
