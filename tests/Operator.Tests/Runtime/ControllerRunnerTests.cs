using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Informers;

namespace Modestano.Operator.Tests.Runtime;

[CancelAfter(20_000)]
public sealed class ControllerRunnerTests
{
    [Test]
    public async Task A_term_starts_with_a_pass_over_every_object()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Put("b");
        f.Start();
        var names = new[] { await f.Controller.Next(), await f.Controller.Next() }.Select(c => c.Key.Name);
        Assert.That(names, Is.EquivalentTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task The_controller_gets_a_copy_of_its_own()
    {
        await using var f = new ControllerFixture();
        f.Put("a", size: 3);
        f.Start();
        var pass = await f.Controller.Next();
        pass.Entity!.Metadata.Name = "changed by the controller";
        Assert.That(f.Cache.Find(Widget.Key("a"))!.Metadata.Name, Is.EqualTo("a"));
        Assert.That(pass.Entity.Spec.Size, Is.EqualTo(3));
    }

    [Test]
    public async Task A_change_during_a_pass_leads_to_another_pass_with_the_newer_object()
    {
        await using var f = new ControllerFixture();
        f.Put("a", "1");
        f.Start();
        var first = await f.Controller.Next();
        f.Put("a", "2");
        Assert.That(f.Controller.HasCall, Is.False, "never twice at once");
        first.Answer(ReconciliationResult.Success);
        Assert.That((await f.Controller.Next()).Entity!.Metadata.ResourceVersion, Is.EqualTo("2"));
    }

    [Test]
    public async Task A_failed_pass_comes_again_with_growing_delays_until_it_succeeds()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        var delays = new List<TimeSpan>();
        var pass = await f.Controller.Next();
        for (var i = 0; i < 4; i++)
        {
            pass.Throw(new InvalidOperationException("the server is down"));
            delays.Add(await f.Time.NextWait(f.Options.PassTimeout));
            f.Time.Advance(delays[^1]);
            pass = await f.Controller.Next();
        }

        Assert.That(delays[0], Is.InRange(f.Options.BackoffBase, f.Options.BackoffBase * 1.6));
        Assert.That(delays[3], Is.InRange(f.Options.BackoffBase * 8, f.Options.BackoffBase * 12.1));
        Assert.That(pass.Entity, Is.Not.Null);
    }

    [Test]
    public async Task A_result_s_error_beats_its_requeue_and_a_terminal_one_is_not_retried()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        (await f.Controller.Next()).Answer(new ReconciliationResult(TimeSpan.FromHours(9), new IOException("no"), false));
        f.Time.Advance(await f.Time.NextWait(TimeSpan.FromSeconds(10)));
        var second = await f.Controller.Next();

        second.Answer(ReconciliationResult.Terminal(new FormatException("never")));
        f.Put("b");
        (await f.Controller.Next()).Answer(ReconciliationResult.Success);
        f.Time.Advance(TimeSpan.FromHours(1));
        f.Put("b", "2");
        Assert.That((await f.Controller.Next()).Key.Name, Is.EqualTo("b"), "a was not retried");
        f.Put("a", "2");
        Assert.That((await f.Controller.Next()).Key.Name, Is.EqualTo("a"), "until it changed");
    }

    [Test]
    public async Task A_pass_that_asks_for_it_comes_again_after_a_while()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        (await f.Controller.Next()).Answer(ReconciliationResult.After(TimeSpan.FromSeconds(30)));
        var before = f.Time.GetUtcNow();
        await f.Time.PassUntil(f.Controller.Next(), f.Options.PassTimeout);
        Assert.That(f.Time.GetUtcNow() - before, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task An_own_status_write_leads_to_no_pass_but_is_seen_by_the_next()
    {
        await using var f = new ControllerFixture();
        f.Put("a", "1");
        f.Start();
        var first = await f.Controller.Next();
        await f.Cache.WriteAsync(Widget.Key("a"), "1", () => Task.FromResult(Widget.Of("a", "2")));
        first.Answer(ReconciliationResult.Success);
        f.Put("a", "2");

        f.Queue.Enqueue(Widget.Key("a"));
        var second = await f.Controller.Next();
        Assert.That(second.Entity!.Metadata.ResourceVersion, Is.EqualTo("2"));
        second.Answer(ReconciliationResult.Success);
        f.Put("b");
        Assert.That((await f.Controller.Next()).Key.Name, Is.EqualTo("b"));
    }

    [Test]
    public async Task A_conflict_is_tried_again_without_counting_as_a_failure()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        var pass = await f.Controller.Next();
        for (var i = 0; i < 5; i++)
        {
            pass.Throw(new StatusConflictException("changed since"));
            f.Time.Advance(await f.Time.NextWait(TimeSpan.FromMilliseconds(250)));
            pass = await f.Controller.Next();
        }
    }

    [Test]
    public async Task The_controller_is_told_once_that_an_object_is_gone()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        (await f.Controller.Next()).Answer(ReconciliationResult.Success);
        f.Cache.Remove(Widget.Key("a"));
        var gone = await f.Controller.Next();
        Assert.That(gone.Entity, Is.Null);
        gone.Answer(ReconciliationResult.Success);

        f.Queue.Enqueue(Widget.Key("a"));
        f.Put("b");
        Assert.That((await f.Controller.Next()).Key.Name, Is.EqualTo("b"));
    }

    [Test]
    public async Task An_object_that_nobody_saw_is_not_reported_gone()
    {
        await using var f = new ControllerFixture();
        f.Start();
        f.Queue.Enqueue(Widget.Key("never"));
        f.Put("b");
        Assert.That((await f.Controller.Next()).Key.Name, Is.EqualTo("b"));
    }

    [Test]
    public async Task An_object_made_anew_under_the_same_name_is_another_object()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        (await f.Controller.Next()).Answer(ReconciliationResult.Success);
        f.Cache.Set(new ReadObject<Widget>(Widget.Key("a"), "another", "9", Widget.Of("a", "9", uid: "another"), null));

        var gone = await f.Controller.Next();
        Assert.That(gone.Entity, Is.Null);
        gone.Answer(ReconciliationResult.Success);
        Assert.That((await f.Controller.Next()).Entity!.Metadata.Uid, Is.EqualTo("another"));
    }

    [Test]
    public async Task A_pass_that_hangs_is_cancelled_and_counts_as_failed()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        var hanging = await f.Controller.Next();
        var again = await f.Time.PassUntil(f.Controller.Next(), TimeSpan.MaxValue);
        Assert.That(hanging.Token.IsCancellationRequested, Is.True);
        Assert.That(again.Key.Name, Is.EqualTo("a"));
    }

    [Test]
    public async Task Leadership_lost_in_the_middle_of_a_pass_cancels_it_and_ends_the_workers()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        var pass = await f.Controller.Next();
        await f.Lose();
        await f.Ended;
        Assert.That(pass.Token.IsCancellationRequested, Is.True);
        f.Put("a", "2");
        Assert.That(f.Controller.HasCall, Is.False);
    }

    [Test]
    public async Task A_stop_lets_the_pass_under_way_finish_and_starts_no_other()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        var pass = await f.Controller.Next();
        await f.StopTaking();
        f.Put("b");
        Assert.That(f.Ended.IsCompleted, Is.False);
        Assert.That(pass.Token.IsCancellationRequested, Is.False);
        pass.Answer(ReconciliationResult.Success);
        await f.Ended;
        Assert.That(f.Controller.HasCall, Is.False);
    }

    [Test]
    public async Task An_object_that_cannot_be_read_is_reported_on_itself_and_left_alone()
    {
        await using var f = new ControllerFixture();
        f.Cache.Set(ReadObject<Widget>.From(Widget.UnreadableJson("bad"))!);
        f.Put("good");
        f.Start();
        Assert.That((await f.Controller.Next()).Key.Name, Is.EqualTo("good"));
        await f.Lose();
        await f.Ended;
        Assert.That(f.Events.All, Has.Some.Matches<(string Type, string Name, string Reason, string Message)>(e => e is { Type: "Warning", Name: "bad", Reason: "Unreadable" }));
    }

    [Test]
    public async Task Passes_are_counted_under_the_names_that_stock_dashboards_know()
    {
        await using var f = new ControllerFixture();
        f.Put("a");
        f.Start();
        (await f.Controller.Next()).Throw(new IOException("no"));
        f.Time.Advance(await f.Time.NextWait(f.Options.PassTimeout));
        (await f.Controller.Next()).Answer(ReconciliationResult.After(TimeSpan.FromSeconds(7)));
        await f.Time.NextWait(TimeSpan.FromSeconds(8));
        await f.Lose();
        await f.Ended;

        using var text = new MemoryStream();
        await f.Registry.CollectAndExportAsTextAsync(text);
        Assert.That(
            System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n'),
            Is.SupersetOf(new[]
            {
                "controller_runtime_reconcile_total{controller=\"widget\",result=\"error\"} 1",
                "controller_runtime_reconcile_total{controller=\"widget\",result=\"requeue_after\"} 1",
                "controller_runtime_reconcile_errors_total{controller=\"widget\"} 1",
                "controller_runtime_reconcile_time_seconds_count{controller=\"widget\"} 2",
                "controller_runtime_max_concurrent_reconciles{controller=\"widget\"} 2",
                "controller_runtime_active_workers{controller=\"widget\"} 0",
                "workqueue_adds_total{name=\"widget\"} 2",
                "workqueue_retries_total{name=\"widget\"} 1",
                "workqueue_depth{name=\"widget\"} 0",
                "workqueue_queue_duration_seconds_count{name=\"widget\"} 2",
                "workqueue_work_duration_seconds_count{name=\"widget\"} 2",
            }));
    }
}
