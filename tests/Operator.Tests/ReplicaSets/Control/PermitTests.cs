using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Tests.ReplicaSets.Control;

/// <summary>R6: a permit is spent by a forced reconfig that was sent, or may have been, and by nothing else.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class PermitTests
{
    private readonly ControllerStage _stage = new(ControllerStage.ThreePlusThree("eu-west-1"));

    [Test]
    public async Task A_lease_that_is_somebody_elses_spends_no_permit()
    {
        await LoseMajorityAsync();
        _stage.Leadership.LeaseIsAnothers = true;

        await FailsWith<LeadershipLostException>();
        Assert.That(_stage.Status.Recovery, Is.Null);

        _stage.Leadership.LeaseIsAnothers = false;
        await ForcedOnceAsync();
    }

    [Test]
    public async Task A_lease_that_has_run_out_spends_no_permit()
    {
        await LoseMajorityAsync();
        _stage.Leadership.IsLeader = false;

        await FailsWith<LeadershipLostException>();
        Assert.That(_stage.Status.Recovery, Is.Null);

        _stage.Leadership.IsLeader = true;
        await ForcedOnceAsync();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_mark_that_could_not_be_written_or_whose_answer_was_lost_spends_no_permit(bool isStored)
    {
        await LoseMajorityAsync();
        _stage.Sets.NextWriteFails = new ApiUnavailable<MongoReplicaSet>(isStored, s => s.Status?.Recovery is not null);

        await FailsWith<IOException>();
        Assert.That((_stage.Status.Recovery is not null, _stage.Set.Steps), Is.EqualTo((isStored, Array.Empty<Step>())));

        await ForcedOnceAsync();
    }

    [Test]
    public async Task One_that_was_sent_is_spent_whatever_came_of_it()
    {
        await LoseMajorityAsync();
        _stage.Set.Refusals.Enqueue(new StepResult(StepOutcome.Unknown, null));
        for (var i = 0; i < 20; i++)
        {
            await _stage.PassAsync();
        }

        Assert.That((_stage.Set.Steps.Count, _stage.Status.Recovery!.Outcome), Is.EqualTo((1, "Unknown")));
    }

    /// <summary>Two of three voters are gone for good, and a person says so.</summary>
    private async Task LoseMajorityAsync()
    {
        var set = _stage.Entity;
        _stage.Set.Initiate([.. ControllerStage.Region("eu-west-1").Members.Select(m => m.Host)]);
        _stage.Set.Tag("modestano-owner", "cluster/shop/marketplace");
        var fenced = _stage.Set.Hosts.Skip(1).ToList();
        _stage.Set.Down.UnionWith(fenced);
        _stage.Set.Primary = null;
        await _stage.PassAsync();
        var status = _stage.Status;
        set.Metadata.Generation = 2;
        _stage.Sets.Put(new MongoReplicaSet
        {
            Metadata = set.Metadata,
            Spec = set.Spec with { Recovery = new RecoverySpec { ConfigVersion = 1, ConfigTerm = 1, FencedHosts = fenced } },
            Status = status,
        });
    }

    private async Task FailsWith<T>()
        where T : Exception
    {
        T? failure = null;
        for (var i = 0; i < 50 && failure is null; i++)
        {
            try
            {
                await _stage.PassAsync();
            }
            catch (T e)
            {
                failure = e;
            }
        }

        Assert.That(failure, Is.Not.Null, $"it came as far as the forced reconfig: {_stage.Condition("Ready").Message}");
        Assert.That(_stage.Set.Steps, Is.Empty);
    }

    private async Task ForcedOnceAsync()
    {
        for (var i = 0; i < 50; i++)
        {
            await _stage.PassAsync();
        }

        Assert.That(_stage.Set.Steps.OfType<Reconfig>().Count(r => r.Force), Is.EqualTo(1), _stage.Condition("Ready").Message);
    }
}
