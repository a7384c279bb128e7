using System.Diagnostics;
using k8s;
using k8s.Models;
using Modestano.Operator.Runtime;

namespace Modestano.Scenarios.Runtime;

[CancelAfter(60_000)]
[Category("EmbeddedOnly")]
public sealed class LeadershipScenarios
{
    private GadgetWorld _world = null!;

    [SetUp]
    public async Task Start() => _world = await GadgetWorld.StartAsync();

    [TearDown]
    public async Task Stop() => await _world.DisposeAsync();

    [Test]
    public async Task Of_two_instances_one_works_and_the_other_takes_over_after_a_graceful_stop_before_the_lease_runs_out()
    {
        var one = await _world.StartOperatorAsync("one", GadgetWorld.LongLease);
        await _world.CreateAsync("a", 1);
        await _world.EventuallySized("a", 1);
        var two = await _world.StartOperatorAsync("two", GadgetWorld.LongLease);
        await Eventually.Is(() => two.Cache.Find(Gadget.Key("a")) is not null, "the second one knows the objects too");
        await _world.ResizeAsync("a", 2);
        await _world.EventuallySized("a", 2);
        Assert.That(two.Controller.Passes, Is.Empty);
        Assert.That(two.Leadership.IsLeader, Is.False);

        await one.StopAsync();
        await Eventually.Is(() => two.Leadership.IsLeader, "the second one leads: the lease was released, not left to run out (ten minutes)");
        await _world.ResizeAsync("a", 3);
        await _world.EventuallySized("a", 3);
        Assert.That(two.Controller.Passes, Is.Not.Empty);
    }

    [Test]
    public async Task A_lease_that_another_operator_released_without_a_holder_is_taken()
    {
        await _world.Client.CoordinationV1.CreateNamespacedLeaseAsync(
            new V1Lease { Metadata = new V1ObjectMeta { Name = "modestano-operator" }, Spec = new V1LeaseSpec { HolderIdentity = "", LeaseDurationSeconds = 1, LeaseTransitions = 7 } }, "default");
        var one = await _world.StartOperatorAsync("one", GadgetWorld.ShortLease);
        await Eventually.Is(() => one.Leadership.IsLeader, "it leads");
        var lease = await _world.Client.CoordinationV1.ReadNamespacedLeaseAsync("modestano-operator", "default");
        Assert.That(lease.Spec.HolderIdentity, Is.EqualTo("one"));
    }

    [Test]
    public async Task A_stop_lets_an_effect_under_way_finish_and_takes_less_than_ten_seconds()
    {
        var one = await _world.StartOperatorAsync("one", GadgetWorld.ShortLease);
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var finished = false;
        one.Controller.Before = async (_, ct) =>
        {
            using var effect = one.Leadership.BeginEffect(TimeSpan.FromSeconds(3), ct);
            inside.TrySetResult();
            await Task.Delay(TimeSpan.FromSeconds(1), effect.Token);
            finished = true;
        };
        await _world.CreateAsync("a", 1);
        await inside.Task;
        await one.StopAsync();
        Assert.That(finished, Is.True);
        Assert.That((await _world.FindAsync("a"))!.Status!.Size, Is.EqualTo(1), "the pass could report");
        var lease = await _world.Client.CoordinationV1.ReadNamespacedLeaseAsync("modestano-operator", "default");
        Assert.That(lease.Spec.LeaseDurationSeconds, Is.EqualTo(1));
    }

    [Test]
    public async Task A_pass_that_does_not_end_is_cancelled_on_stop_and_the_process_still_ends()
    {
        var one = await _world.StartOperatorAsync("one", GadgetWorld.ShortLease);
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isCancelled = false;
        one.Controller.Before = async (_, ct) =>
        {
            using var told = ct.Register(() => isCancelled = true);
            inside.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        };
        await _world.CreateAsync("a", 1);
        await inside.Task;
        await one.StopAsync();
        Assert.That(isCancelled, Is.True);
        Assert.That((await _world.FindAsync("a"))!.Status, Is.Null, "it came to no end");
    }

    [Test]
    public async Task Leadership_stolen_in_the_middle_of_an_effect_cancels_the_effect_and_it_comes_back_when_the_thief_falls_silent()
    {
        var one = await _world.StartOperatorAsync("one", GadgetWorld.ShortLease);
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        one.Controller.Before = async (_, ct) =>
        {
            if (inside.TrySetResult())
            {
                using var effect = one.Leadership.BeginEffect(TimeSpan.FromMinutes(1), ct);
                await using var registration = effect.Token.Register(() => cancelled.TrySetResult());
                await Task.Delay(Timeout.InfiniteTimeSpan, effect.Token);
            }
        };
        await _world.CreateAsync("a", 1);
        await inside.Task;

        await _world.Client.CoordinationV1.PatchNamespacedLeaseAsync(
            new V1Patch(new { spec = new { holderIdentity = "thief", renewTime = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture) } }, V1Patch.PatchType.MergePatch),
            "modestano-operator", "default");
        await cancelled.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.That((await _world.FindAsync("a"))!.Status, Is.Null);
        await _world.EventuallySized("a", 1);
    }

    [Test]
    public async Task A_lease_that_is_deleted_by_hand_ends_the_term_and_its_effect_long_before_the_lease_would_have_run_out()
    {
        var one = await _world.StartOperatorAsync("one", GadgetWorld.LongLease);
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        one.Controller.Before = async (_, ct) =>
        {
            if (inside.TrySetResult())
            {
                using var effect = one.Leadership.BeginEffect(TimeSpan.FromMinutes(5), ct);
                await using var registration = effect.Token.Register(() => cancelled.TrySetResult());
                await Task.Delay(Timeout.InfiniteTimeSpan, effect.Token);
            }
        };
        await _world.CreateAsync("a", 1);
        await inside.Task;

        await _world.Client.CoordinationV1.DeleteNamespacedLeaseAsync("modestano-operator", "default");

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await _world.EventuallySized("a", 1);
    }

    [TestCase("thief", TestName = "A_lease_that_was_taken_is_seen_live_before_an_effect")]
    [TestCase(null, TestName = "A_lease_that_was_deleted_is_seen_live_before_an_effect")]
    [Category("Hostile")]
    public async Task The_lease_is_read_live_before_an_effect_that_must_not_be_doubled(string? holder)
    {
        // Nobody renews within the test: what is seen is seen by the look before the effect.
        var one = await _world.StartOperatorAsync("one", options => GadgetWorld.LongLease(options) with { Lease = options.Lease! with { Duration = TimeSpan.FromMinutes(10), RenewDeadline = TimeSpan.FromMinutes(9), RetryPeriod = TimeSpan.FromMinutes(5) } });
        await Eventually.Is(() => one.Leadership.IsLeader, "it leads");
        await one.Leadership.ConfirmAsync(CancellationToken.None);

        if (holder is null)
        {
            await _world.Client.CoordinationV1.DeleteNamespacedLeaseAsync("modestano-operator", "default");
        }
        else
        {
            await _world.Client.CoordinationV1.PatchNamespacedLeaseAsync(new V1Patch(new { spec = new { holderIdentity = holder } }, V1Patch.PatchType.MergePatch), "modestano-operator", "default");
        }

        Assert.That(one.Leadership.IsLeader, Is.True, "nothing has told it yet");
        await Assert.ThrowsAsync<LeadershipLostException>(() => one.Leadership.ConfirmAsync(CancellationToken.None));
        Assert.That(() => one.Leadership.BeginEffect(TimeSpan.FromSeconds(5), CancellationToken.None), Throws.InstanceOf<LeadershipLostException>(), "nor is anything else begun");
    }

    [TestCase(-1, TestName = "A_candidate_whose_clock_is_an_hour_ahead_waits_for_as_long_as_the_leader_renews_and_no_longer")]
    [TestCase(1, TestName = "A_candidate_whose_clock_is_an_hour_behind_waits_for_as_long_as_the_leader_renews_and_no_longer")]
    [Category("Hostile")]
    public async Task A_candidate_goes_by_its_own_clock_alone(int hoursBetween)
    {
        // What a candidate sees of a clock that differs from its own are the times in the lease.
        string Now() => DateTime.UtcNow.AddHours(hoursBetween).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture);
        var lease = new V1Lease
        {
            Metadata = new V1ObjectMeta { Name = "modestano-operator" },
            Spec = new V1LeaseSpec { HolderIdentity = "leader", LeaseDurationSeconds = 4, AcquireTime = DateTime.Parse(Now(), System.Globalization.CultureInfo.InvariantCulture), RenewTime = DateTime.Parse(Now(), System.Globalization.CultureInfo.InvariantCulture) },
        };
        await _world.Client.CoordinationV1.CreateNamespacedLeaseAsync(lease, "default");
        var candidate = await _world.StartOperatorAsync("candidate", GadgetWorld.ShortLease);
        await _world.CreateAsync("a", 1);
        await Eventually.Is(() => candidate.Cache.Find(Gadget.Key("a")) is not null, "it knows the objects");
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < TimeSpan.FromSeconds(10))
        {
            await _world.Client.CoordinationV1.PatchNamespacedLeaseAsync(new V1Patch(new { spec = new { renewTime = Now() } }, V1Patch.PatchType.MergePatch), "modestano-operator", "default");
            await Task.Delay(TimeSpan.FromMilliseconds(500));
            Assert.That(candidate.Leadership.IsLeader, Is.False);
        }

        Assert.That(candidate.Controller.Passes, Is.Empty);
        await Eventually.Is(() => candidate.Leadership.IsLeader, "it leads once the leader is silent, and not an hour later", TimeSpan.FromSeconds(30));
        await _world.EventuallySized("a", 1);
    }

    [Test]
    public async Task An_effect_ends_before_a_lease_that_cannot_be_renewed()
    {
        var one = await _world.StartOperatorAsync("one", GadgetWorld.ShortLease);
        var remaining = TimeSpan.Zero;
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        one.Controller.Before = async (_, ct) =>
        {
            if (inside.Task.IsCompleted)
            {
                return;
            }

            using var effect = one.Leadership.BeginEffect(TimeSpan.FromMinutes(5), ct);
            remaining = effect.Remaining;
            inside.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, effect.Token);
            }
            finally
            {
                ended.TrySetResult();
            }
        };
        await _world.CreateAsync("a", 1);
        await inside.Task;
        var watch = Stopwatch.StartNew();
        await _world.Server.Faults.TakeDownAsync();
        await ended.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.That(remaining, Is.LessThan(TimeSpan.FromSeconds(4)));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(4)), "before anybody else could lead");
        Assert.That(() => one.Leadership.BeginEffect(TimeSpan.FromSeconds(1), default), Throws.InstanceOf<LeadershipLostException>());
        await _world.Server.Faults.BringBackAsync();
    }

    [Test]
    public async Task A_server_that_is_away_for_less_than_the_renew_deadline_costs_nobody_the_lead()
    {
        var one = await _world.StartOperatorAsync("one", GadgetWorld.ShortLease);
        await _world.CreateAsync("a", 1);
        await _world.EventuallySized("a", 1);
        await _world.Server.Faults.TakeDownAsync();
        await Task.Delay(TimeSpan.FromSeconds(1));
        await _world.Server.Faults.BringBackAsync();
        await _world.ResizeAsync("a", 2);
        await _world.EventuallySized("a", 2);
        Assert.That(one.Leadership.IsLeader, Is.True);
        var lease = await _world.Client.CoordinationV1.ReadNamespacedLeaseAsync("modestano-operator", "default");
        Assert.That(lease.Spec.LeaseTransitions ?? 0, Is.Zero);
        Assert.That(one.Controller.Passes, Has.Count.EqualTo(2), "a new term would have started with a pass over every object");
    }
}
