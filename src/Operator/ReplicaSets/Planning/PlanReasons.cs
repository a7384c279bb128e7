namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>Reasons of decisions: constants for conditions, events and alerts.</summary>
public static class PlanReasons
{
    // Wait
    public const string NoPrimary = "NoPrimary";
    public const string SplitView = "SplitView";
    public const string NoMemberAnswers = "NoMemberAnswers";
    public const string LoginRefused = "LoginRefused";
    public const string TlsFailed = "TlsFailed";
    public const string PrimaryNotReachable = "PrimaryNotReachable";
    public const string ConfigNotCommitted = "ConfigNotCommitted";
    public const string AutomaticReconfig = "AutomaticReconfig";
    public const string InitialSync = "InitialSync";
    public const string MemberNotReady = "MemberNotReady";
    public const string MemberUnreachable = "MemberUnreachable";
    public const string Stabilizing = "Stabilizing";
    public const string MajorityAtRisk = "MajorityAtRisk";
    public const string RedundancyAtRisk = "RedundancyAtRisk";
    public const string NoSuccessor = "NoSuccessor";
    public const string HandOffBackoff = "HandOffBackoff";
    public const string LongTransaction = "LongTransaction";
    public const string QuestionUnanswered = "QuestionUnanswered";
    public const string Renaming = "Renaming";
    public const string Initializing = "Initializing";
    public const string DefaultWriteConcernUnknown = "DefaultWriteConcernUnknown";
    public const string FeatureVersionChanging = "FeatureVersionChanging";

    // Stalled
    public const string InvalidTopology = "InvalidTopology";
    public const string NotSupported = "NotSupported";
    public const string NotInitialized = "NotInitialized";
    public const string WrongReplicaSet = "WrongReplicaSet";
    public const string MemberOfAnotherSet = "MemberOfAnotherSet";
    public const string MemberHasTwoNames = "MemberHasTwoNames";
    public const string MemberNotVerified = "MemberNotVerified";
    public const string NotAReplicaSetMember = "NotAReplicaSetMember";
    public const string MemberPreflightFailed = "MemberPreflightFailed";

    /// <summary>A second arbiter, which a member's release refuses.</summary>
    public const string OneArbiter = "OneArbiter";
    public const string ImmutableMemberField = "ImmutableMemberField";
    public const string WriteConcernUnsatisfiable = "WriteConcernUnsatisfiable";
    public const string ImplicitWriteConcernWouldChange = "ImplicitWriteConcernWouldChange";
    public const string Contested = "Contested";
    public const string RefusedByServer = "RefusedByServer";
    public const string NotAuthorized = "NotAuthorized";
    public const string RecoveryRefused = "RecoveryRefused";
    public const string NoSafeStep = "NoSafeStep";

    // AwaitingApproval
    public const string Adoption = "Adoption";
    public const string ManualApproval = "ManualApproval";
    public const string ForcedConfig = "ForcedConfig";
    public const string ChangedInTrouble = "ChangedInTrouble";
    public const string PlanVoid = "PlanVoid";
}
