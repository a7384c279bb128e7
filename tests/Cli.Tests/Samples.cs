using Modestano.Crds.V1Alpha1;

namespace Modestano.Cli.Tests;

/// <summary>Statuses in the midst of a migration.</summary>
internal static class Samples
{
    public const string PlanHash = "sha256-0123456789abcdef";

    public static readonly DateTime Now = new(2026, 3, 1, 3, 0, 0, DateTimeKind.Utc);

    public static MongoReplicaSetStatus ReplicaSet => new()
    {
        Phase = ReplicaSetPhases.Reconfiguring,
        Primary = "mongo-1.eu-west-1.example.internal:27017",
        PrimaryRegion = "eu-west-1",
        ConfigVersion = 17,
        ConfigTerm = 4,
        Members =
        [
            Member("mongo-1.eu-west-1.example.internal:27017", "eu-west-1", "PRIMARY", 1, 1),
            Member("mongo-1.eu-west-2.example.internal:27017", "eu-west-2", "SECONDARY", 0, 1) with { Lag = "<1s" },
            Member("mongo-2.eu-west-2.example.internal:27017", "eu-west-2", "STARTUP2", 0, 1) with { InitialSyncPercent = 40 },
            Member("mongo-3.eu-west-2.example.internal:27017", "eu-west-2", "Unreachable", 0, 1) with { Healthy = false, Message = "connection [refused]" },
        ],
        Plan = [new PlannedStep { Kind = "Reconfig", Summary = "mongo-1.eu-west-2 gets its vote", Votes = "eu-west-1:1 eu-west-2:1 /2" }, new PlannedStep { Kind = "StepDown", Summary = "the primary hands over" }],
        PlanHash = PlanHash,
        Conditions = [Condition(ConditionTypes.Ready, "False", "Reconfiguring"), Condition(ConditionTypes.AwaitingApproval, "True", "PlanNotApproved")],
    };

    public static WeightedDnsRecordStatus Record => new()
    {
        Change = new DnsChangeStatus { Id = "C1", State = "PENDING", SubmittedAt = Now },
        Endpoints =
        [
            new EndpointStatus { SetIdentifier = "eu-west-1", Region = "eu-west-1", ServedWeight = 255, WantedWeight = 128, ServedShare = "100.0", WantedShare = "50.0" },
            new EndpointStatus { SetIdentifier = "eu-west-2", Region = "eu-west-2", ServedWeight = 0, WantedWeight = 128, ServedShare = "0.0", WantedShare = "50.0" },
        ],
    };

    public static RegionMigrationStatus Migration => new()
    {
        Phase = MigrationPhases.Shifting,
        Step = new MigrationStep { Index = 0, Percent = 10, Summary = "1/3 (10%)" },
        Traffic = "10%",
        PrimaryRegion = "eu-west-1",
        WaitingFor = "gate error-rate",
        Gates = [new GateStatus { Name = "error-rate", Result = "Failing", Value = "0.02", Limit = "0.01" }],
        SpecEdits = [new SpecEdit { Target = "MongoReplicaSet/marketplace", Field = "spec.primaryRegion", From = "eu-west-1", To = "eu-west-2" }],
        Conditions = [Condition(ConditionTypes.GatesPassing, "False", "GateFailing")],
    };

    private static MemberStatus Member(string host, string region, string state, int votes, int planned) =>
        new() { Host = host, Region = region, State = state, Healthy = true, Votes = votes, PlannedVotes = planned };

    private static Condition Condition(string type, string status, string reason) =>
        new() { Type = type, Status = status, Reason = reason, Message = $"why {type} is {status}", LastTransitionTime = Now };
}
