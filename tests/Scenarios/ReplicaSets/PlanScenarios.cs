using Modestano.Crds.V1Alpha1;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>What status.plan shows is what then happens, step by step.</summary>
public class PlanScenarios
{
    private const string Ireland = ReplicaSetWorld.Ireland;
    private const string London = ReplicaSetWorld.London;

    private static IEnumerable<TestCaseData> Changes()
    {
        yield return new TestCaseData(Ireland, (IReadOnlyList<RegionSpec>)[ReplicaSetWorld.Region(Ireland, 3), ReplicaSetWorld.Region(London, 1)]).SetName("One_member_joins_as_planned");
        yield return new TestCaseData(London, (IReadOnlyList<RegionSpec>)[ReplicaSetWorld.Region(Ireland, 3), ReplicaSetWorld.Region(London, 3)]).SetName("The_primary_moves_as_planned");
        yield return new TestCaseData(London, (IReadOnlyList<RegionSpec>)[ReplicaSetWorld.Region(London, 3)]).SetName("A_region_is_left_as_planned");
        yield return new TestCaseData(Ireland, (IReadOnlyList<RegionSpec>)[ReplicaSetWorld.Region(Ireland, 1)]).SetName("Members_leave_as_planned");
    }

    [TestCaseSource(nameof(Changes))]
    public void What_is_shown_is_what_happens(string primaryRegion, IReadOnlyList<RegionSpec> regions)
    {
        using var world = new ReplicaSetWorld();
        world.InitiateIreland();
        world.Apply(Ireland, [ReplicaSetWorld.Region(Ireland, 3)]);
        world.RunUntilSettled();
        var (sentBefore, toldBefore) = (world.Calls.Sent.Count, world.Events.All.Count);
        world.Apply(primaryRegion, regions, how => how with { Mode = "Plan" });
        world.RunUntil(w => w.Status.Plan is not null, 30);
        var plan = world.Status.Plan!.Where(s => s.Kind != "Wait").ToList();
        Assert.That(world.Calls.Sent, Has.Count.EqualTo(sentBefore));
        world.Apply(primaryRegion, regions);
        world.RunUntilSettled();
        var told = world.Events.All.Skip(toldBefore).Where(e => e.Reason is "ReconfigSucceeded" or "StepDownSucceeded").Select(e => e.Message);
        Assert.That(told, Is.EqualTo(plan.Select(s => s.Summary)));
        var sent = world.Calls.Sent.Skip(sentBefore).ToList();
        Assert.That(sent.Select(Kind), Is.EqualTo(plan.Select(s => s.Kind)));
        Assert.That(sent.Where(c => Kind(c) == "Reconfig").Select(Votes), Is.EqualTo(plan.Where(s => s.Kind == "Reconfig").Select(s => Sorted(s.Votes!))));
    }

    [Test]
    public void An_approved_plan_runs_to_its_end_and_is_not_used_for_a_second_one()
    {
        using var world = new ReplicaSetWorld();
        world.InitiateIreland();
        IReadOnlyList<RegionSpec> four = [ReplicaSetWorld.Region(Ireland, 3), ReplicaSetWorld.Region(London, 1)];
        world.Apply(Ireland, four, how => how with { Approval = "Manual" });
        world.RunUntil(w => w.Status.Phase == ReplicaSetPhases.Held, 60);
        var hash = world.Status.PlanHash;
        world.Apply(Ireland, four, how => how with { Approval = "Manual", ApprovedPlanHash = hash });
        world.RunUntilSettled();
        Assert.That((world.Status.ApprovedPlan!.Hash, world.Status.ApprovedPlan.State), Is.EqualTo((hash, "Completed")));
        var sent = world.Calls.Sent.Count;
        world.ReconfigByHand(config => config["members"].AsBsonArray[1]["priority"] = 0.5);
        world.RunUntil(w => w.Status.Phase == ReplicaSetPhases.Held, 120);
        world.RestartOperator();
        world.RunFor(60);
        Assert.That(world.Calls.Sent, Has.Count.EqualTo(sent), world.Story());
        Assert.That(world.Condition(ConditionTypes.AwaitingApproval).Reason, Is.EqualTo("ManualApproval"));
    }

    private static string Kind(BsonDocument command) => command.GetElement(0).Name == "replSetStepDown" ? "StepDown" : "Reconfig";

    /// <summary>As the plan writes votes, in a fixed order of regions.</summary>
    private static string Votes(BsonDocument command)
    {
        var voters = command["replSetReconfig"]["members"].AsBsonArray.Where(m => m["votes"] == 1).ToList();
        var regions = voters.GroupBy(m => m["host"].AsString.Split('.')[1].Split(':')[0]).OrderBy(g => g.Key, StringComparer.Ordinal);
        return $"{string.Join(' ', regions.Select(g => $"{g.Key}:{g.Count()}"))} /{(voters.Count / 2) + 1}";
    }

    private static string Sorted(string votes)
    {
        var parts = votes.Split(' ');
        return string.Join(' ', [.. parts.SkipLast(1).Order(StringComparer.Ordinal), parts[^1]]);
    }
}
