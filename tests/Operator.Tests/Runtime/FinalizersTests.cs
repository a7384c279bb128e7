using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Informers;

namespace Modestano.Operator.Tests.Runtime;

[CancelAfter(20_000)]
public sealed class FinalizersTests
{
    private const string Name = "mongo.modestano.io/test";

    [Test]
    public async Task A_finalizer_is_on_the_object_before_its_first_pass()
    {
        await using var f = new ControllerFixture(null, new CountingFinalizer());
        f.Put("a");
        f.Start();
        var pass = await f.Controller.Next();
        Assert.That(f.Patch.Written, Is.EqualTo(new[] { $"a: {Name}" }));
        Assert.That(pass.Entity!.Metadata.Finalizers, Does.Contain(Name));
    }

    [Test]
    public async Task Somebody_else_s_finalizers_are_kept()
    {
        await using var f = new ControllerFixture(null, new CountingFinalizer());
        Put(f, "a", deleted: false, "other/one");
        f.Start();
        await f.Controller.Next();
        Assert.That(f.Patch.Written, Is.EqualTo(new[] { $"a: other/one {Name}" }));
    }

    [Test]
    public async Task An_object_that_is_being_deleted_is_cleaned_up_and_released_instead_of_reconciled()
    {
        var finalizer = new CountingFinalizer();
        await using var f = new ControllerFixture(null, finalizer);
        Put(f, "a", deleted: true, "other/one", Name);
        f.Put("b");
        f.Start();
        Assert.That((await f.Controller.Next()).Key.Name, Is.EqualTo("b"));
        await finalizer.Called;
        await f.Lose();
        await f.Ended;
        Assert.That(f.Patch.Written, Does.Contain("a: other/one"));
    }

    [Test]
    public async Task A_clean_up_that_needs_longer_keeps_the_finalizer_and_comes_again()
    {
        var finalizer = new CountingFinalizer { Results = new Queue<ReconciliationResult>([ReconciliationResult.After(TimeSpan.FromSeconds(5)), ReconciliationResult.Failure(new IOException("not yet"))]) };
        await using var f = new ControllerFixture(null, finalizer);
        Put(f, "a", deleted: true, Name);
        f.Start();
        await f.Time.PassUntil(finalizer.CalledTimes(3), f.Options.PassTimeout);
        await Patience.Of(f.Patch.WrittenOnce);
        Assert.That(f.Patch.Written, Is.EqualTo(new[] { "a: " }));
    }

    [Test]
    public async Task An_object_without_our_finalizer_that_is_being_deleted_is_left_alone()
    {
        var finalizer = new CountingFinalizer();
        await using var f = new ControllerFixture(null, finalizer);
        Put(f, "a", deleted: true, "other/one");
        f.Put("b");
        f.Start();
        await f.Controller.Next();
        await f.Lose();
        await f.Ended;
        Assert.That(finalizer.Calls, Is.Zero);
        Assert.That(f.Patch.Written, Is.EqualTo(new[] { $"b: {Name}" }));
    }

    [Test]
    public async Task A_conflict_while_adding_it_delays_the_first_pass()
    {
        await using var f = new ControllerFixture(null, new CountingFinalizer());
        f.Patch.Conflict = true;
        f.Put("a");
        f.Start();
        var next = f.Controller.Next();
        f.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(next.IsCompleted, Is.False);
        f.Patch.Conflict = false;
        Assert.That((await f.Time.PassUntil(next, f.Options.PassTimeout)).Key.Name, Is.EqualTo("a"));
    }

    private static void Put(ControllerFixture f, string name, bool deleted, params string[] finalizers)
    {
        var widget = Widget.Of(name);
        widget.Metadata.Finalizers = [.. finalizers];
        widget.Metadata.DeletionTimestamp = deleted ? DateTime.UnixEpoch : null;
        f.Cache.Set(new ReadObject<Widget>(Widget.Key(name), widget.Metadata.Uid, "1", widget, null));
    }

    private sealed class CountingFinalizer : IEntityFinalizer<Widget>
    {
        private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<bool> _third = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _calls;

        public Queue<ReconciliationResult> Results { get; init; } = new();

        public int Calls => _calls;

        public Task Called => _called.Task;

        public string Identifier => Name;

        public Task<bool> CalledTimes(int times) => times == 3 ? _third.Task : throw new ArgumentOutOfRangeException(nameof(times));

        public Task<ReconciliationResult> FinalizeAsync(Widget entity, CancellationToken cancellationToken)
        {
            _called.TrySetResult();
            if (Interlocked.Increment(ref _calls) == 3)
            {
                _third.SetResult(true);
            }

            return Task.FromResult(Results.Count > 0 ? Results.Dequeue() : ReconciliationResult.Success);
        }
    }
}
