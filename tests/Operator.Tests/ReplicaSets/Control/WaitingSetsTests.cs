using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Tests.ReplicaSets.Control;

public class WaitingSetsTests
{
    private const string Ireland = "eu-west-1";
    private const int Crowd = 500;
    private static readonly string[] London = [.. ControllerStage.Region("eu-west-2").Members.Select(m => m.Host)];

    [Test]
    public async Task A_set_in_trouble_keeps_its_clients_and_has_everybody_asked()
    {
        var stage = await AtRestAsync();
        Fail(stage, London);

        for (var i = 0; i < 5; i++)
        {
            await stage.PassAsync();
        }

        Assert.That(stage.Set.Rested, Is.Empty, "it would log in anew each time");
        Assert.That(stage.Set.Reaches.Count(r => r == ObservationReach.AllMembers), Is.EqualTo(5));
    }

    [Test]
    public async Task In_a_crowd_a_set_that_has_just_begun_to_wait_is_looked_at_soon()
    {
        var stage = await AtRestAsync();
        await stage.CrowdAsync(Crowd);
        Fail(stage, [.. stage.Set.Hosts.Take(4)]);
        stage.Set.Primary = null;
        var begun = stage.Time.GetUtcNow();

        while (stage.Set.Reaches.Count(r => r == ObservationReach.AllMembers) < 3)
        {
            await stage.PassAsync();
        }

        Assert.That(stage.Time.GetUtcNow() - begun, Is.LessThan(TimeSpan.FromSeconds(20)), "an election may be on its way");
    }

    [Test]
    public async Task In_a_crowd_a_set_in_trouble_keeps_one_client_and_has_one_member_asked_until_its_turn_comes()
    {
        var stage = await InACrowdAsync(London);
        stage.Set.Rested.Clear();
        stage.Set.Reaches.Clear();

        await ForAsync(stage, TimeSpan.FromMinutes(10));

        Assert.That(stage.Set.Rested, Has.Count.InRange(4, 8).And.All.EqualTo(stage.Set.Primary));
        Assert.That(stage.Set.Reaches.Count(r => r == ObservationReach.AllMembers), Is.InRange(4, 8), "five hundred sets, five a second, and a spread of a quarter");
        Assert.That(stage.Set.Reaches.Count(r => r == ObservationReach.StatusOnly), Is.InRange(55, 125));
    }

    [Test]
    public async Task In_a_crowd_a_member_that_comes_back_is_in_status_after_the_next_glance()
    {
        var stage = await InACrowdAsync(London);
        var pause = (await stage.PassAsync()).RequeueAfter;
        stage.Set.Down.Clear();

        await stage.PassAsync();

        Assert.That(pause, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(stage.Set.Reaches[^1], Is.EqualTo(ObservationReach.AllMembers));
        Assert.That(stage.Status.Members!.Select(m => m.State), Has.None.EqualTo("Unreachable"));
    }

    [Test]
    public async Task In_a_crowd_an_edit_and_a_hold_have_everybody_asked_at_once()
    {
        var stage = await InACrowdAsync(London);

        stage.Entity.Metadata.Generation++;
        await stage.PassAsync();
        var edited = stage.Set.Reaches[^1];
        await stage.PassAsync();
        var between = stage.Set.Reaches[^1];
        stage.Entity.Metadata.Annotations = new Dictionary<string, string> { [Annotations.Hold] = "an outage" };
        await stage.PassAsync();

        Assert.That((edited, between, stage.Set.Reaches[^1]), Is.EqualTo((ObservationReach.AllMembers, ObservationReach.StatusOnly, ObservationReach.AllMembers)));
    }

    [Test]
    public async Task In_a_crowd_a_set_of_which_nobody_answers_waits_for_its_turn_without_a_client()
    {
        var stage = await InACrowdAsync([.. ControllerStage.Region(Ireland).Members.Select(m => m.Host), .. London]);
        stage.Set.Rested.Clear();
        stage.Set.Reaches.Clear();

        await ForAsync(stage, TimeSpan.FromMinutes(10));

        Assert.That(stage.Set.Rested, Has.Count.InRange(4, 8).And.All.EqualTo(""));
        Assert.That(stage.Set.Reaches, Has.Count.InRange(4, 8).And.All.EqualTo(ObservationReach.AllMembers));
    }

    [Test]
    public async Task In_a_crowd_a_set_that_has_taken_a_step_is_looked_at_soon_again()
    {
        var stage = await InACrowdAsync([London[0]]);
        stage.Set.Steps.Clear();
        stage.Entity.Spec = stage.Entity.Spec with { Settings = new ReplicaSetSettings { CatchUpTimeoutMillis = 5000 } };
        stage.Entity.Metadata.Generation++;
        await stage.PassAsync();
        stage.Set.Reaches.Clear();
        var begun = stage.Time.GetUtcNow();

        while (stage.Set.Reaches.Count(r => r == ObservationReach.AllMembers) < 3)
        {
            await stage.PassAsync();
        }

        Assert.That(stage.Set.Steps, Has.Count.EqualTo(1));
        Assert.That(stage.Time.GetUtcNow() - begun, Is.LessThan(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task In_a_crowd_somebody_who_needs_a_fresh_observation_gets_one()
    {
        var stage = await InACrowdAsync(London);

        stage.Observed.WantFresh(ObjectKey.Of(stage.Entity));
        await stage.PassAsync();

        Assert.That(stage.Set.Reaches[^1], Is.EqualTo(ObservationReach.AllMembers));
    }

    [Test]
    public async Task Under_an_override_a_set_at_rest_keeps_its_clients()
    {
        var stage = await AtRestAsync();
        stage.Migrations.Put(MongoReplicaSetControllerTests.Migration(revision: 1, Ireland));
        await stage.PassAsync();
        await stage.UntilAsync(ReplicaSetPhases.Settled);
        stage.Set.Rested.Clear();
        stage.Set.Reaches.Clear();

        for (var i = 0; i < 5; i++)
        {
            await stage.PassAsync();
        }

        Assert.That(stage.Status.Phase, Is.EqualTo(ReplicaSetPhases.Settled));
        Assert.That(stage.Set.Rested, Is.Empty, "each pass asks everybody: it would log in anew each time");
        Assert.That(stage.Set.Reaches, Is.EqualTo(Enumerable.Repeat(ObservationReach.AllMembers, 5)));
    }

    [Test]
    public async Task When_the_crowd_is_gone_a_set_has_everybody_asked_again()
    {
        var stage = await InACrowdAsync(London);

        await stage.DeletedOthersAsync(Crowd);
        await stage.PassAsync();

        Assert.That(stage.Set.Reaches[^1], Is.EqualTo(ObservationReach.AllMembers));
    }

    /// <summary>A set that has been in trouble for ten minutes, as have many others.</summary>
    private static async Task<ControllerStage> InACrowdAsync(string[] down)
    {
        var stage = await AtRestAsync();
        await stage.CrowdAsync(Crowd);
        Fail(stage, down);
        await ForAsync(stage, TimeSpan.FromMinutes(10));
        return stage;
    }

    private static async Task ForAsync(ControllerStage stage, TimeSpan time)
    {
        var end = stage.Time.GetUtcNow() + time;
        while (stage.Time.GetUtcNow() < end)
        {
            await stage.PassAsync();
        }
    }

    private static async Task<ControllerStage> AtRestAsync()
    {
        var stage = new ControllerStage(ControllerStage.ThreePlusThree(Ireland));
        stage.Set.Initiate([.. ControllerStage.Region(Ireland).Members.Select(m => m.Host)]);
        await stage.UntilAsync(ReplicaSetPhases.Settled);
        await stage.PassAsync();
        return stage;
    }

    private static void Fail(ControllerStage stage, string[] hosts)
    {
        stage.Set.Down.UnionWith(hosts);
        stage.Set.Rested.Clear();
        stage.Set.Reaches.Clear();
    }
}
