using System.Diagnostics;
using k8s;
using k8s.Models;
using Modestano.Operator.Runtime;

namespace Modestano.Scenarios.Runtime;

[CancelAfter(60_000)]
[Category("EmbeddedOnly")]
public sealed class ControllerScenarios
{
    private GadgetWorld _world = null!;

    [SetUp]
    public async Task Start() => _world = await GadgetWorld.StartAsync();

    [TearDown]
    public async Task Stop() => await _world.DisposeAsync();

    [Test]
    public async Task A_change_during_a_pass_leads_to_another_pass()
    {
        var one = await _world.StartOperatorAsync("one");
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        one.Controller.Before = async (_, _) =>
        {
            inside.TrySetResult();
            await goOn.Task;
        };
        await _world.CreateAsync("a", 1);
        await inside.Task;
        await _world.ResizeAsync("a", 2);
        await Eventually.Is(() => one.Cache.Find(Gadget.Key("a"))?.Spec.Size == 2, "the change has arrived");
        Assert.That(one.Controller.Passes, Has.Count.EqualTo(1));
        goOn.SetResult();
        await _world.EventuallySized("a", 2);
    }

    [Test]
    public async Task A_status_conflict_is_no_error_and_the_next_pass_succeeds()
    {
        var one = await _world.StartOperatorAsync("one");
        var meddled = 0;
        one.Controller.Before = async (gadget, _) =>
        {
            if (Interlocked.Exchange(ref meddled, 1) == 0)
            {
                await _world.ResizeAsync("a", 9);
            }
        };
        await _world.CreateAsync("a", 1);
        await _world.EventuallySized("a", 9);
    }

    [Test]
    public async Task A_finalizer_is_added_first_run_on_deletion_and_then_removed()
    {
        var one = await _world.StartOperatorAsync("one", withFinalizer: true);
        one.Controller.Before = (gadget, _) =>
        {
            Assert.That(gadget.Metadata.Finalizers, Does.Contain("example.com/clean-up"));
            return Task.CompletedTask;
        };
        await _world.CreateAsync("a", 1);
        await _world.EventuallySized("a", 1);

        one.Finalizer.Result = ReconciliationResult.After(TimeSpan.FromMilliseconds(200));
        await _world.DeleteAsync("a");
        await Eventually.Is(() => one.Finalizer.Finalized.Count >= 3, "the clean-up is tried again and again");
        Assert.That((await _world.FindAsync("a"))!.Metadata.DeletionTimestamp, Is.Not.Null);

        one.Finalizer.Result = ReconciliationResult.Success;
        await Eventually.Is(async () => await _world.FindAsync("a") is null, "the object is gone");
        await Eventually.Is(() => one.Controller.Gone.Contains("a"), "the controller is told");
    }

    [Test]
    public async Task Events_are_seen_by_kubectl_describe_and_repeats_are_counted()
    {
        await _world.StartOperatorAsync("one");
        await _world.CreateAsync("a", 3);
        await _world.EventuallySized("a", 3);
        await _world.ResizeAsync("a", 4);
        await _world.EventuallySized("a", 4);
        await _world.ResizeAsync("a", 3);
        await _world.EventuallySized("a", 3);

        var kubeconfig = Path.GetTempFileName();
        try
        {
            _world.Server.WriteKubeconfig(kubeconfig);
            var described = "";
            await Eventually.Is(
                async () => (described = await KubectlAsync(kubeconfig, "describe", "gadget", "a")).Contains("(x2 over", StringComparison.Ordinal),
                "kubectl describe shows the repeat");
            Assert.That(described, Does.Contain("Resized").And.Contain("the size is 3 now").And.Contain("the size is 4 now").And.Contain("mongo.modestano.io/operator"));
        }
        finally
        {
            File.Delete(kubeconfig);
        }
    }

    [Test]
    public async Task At_idle_many_objects_cause_no_request_and_no_pass()
    {
        const int Many = 300;
        await Parallel.ForAsync(0, Many, async (i, _) => await _world.CreateAsync($"g{i}", i));
        var one = await _world.StartOperatorAsync("one", o => o with { Lease = null, Workers = 8 });
        await Eventually.Is(() => one.Controller.Passes.Count >= Many && one.Cache.List().All(g => g.Status is not null), "all have had their pass");

        var passes = one.Controller.Passes.Count;
        _world.Server.Requests.Reset();
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.That(one.Controller.Passes, Has.Count.EqualTo(passes));
        Assert.That(_world.Server.Requests.Total(resource: "gadgets") + _world.Server.Requests.Total(resource: "gadgets/status"), Is.Zero);
        Assert.That(passes, Is.EqualTo(Many), "one pass each");
    }

    [Test]
    public async Task An_operator_limited_to_namespaces_leaves_the_others_alone()
    {
        await _world.Client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = "other" } });
        await _world.Client.CustomObjects.CreateNamespacedCustomObjectAsync(
            new Gadget { Metadata = new V1ObjectMeta { Name = "foreign" }, Spec = new GadgetSpec { Size = 1 } }, "example.com", "v1", "other", "gadgets");
        var one = await _world.StartOperatorAsync("one", o => o with { Namespaces = ["default", "not-there-yet"] });
        await _world.CreateAsync("own", 2);
        await _world.EventuallySized("own", 2);
        Assert.That(one.Controller.Passes, Is.EqualTo(new[] { "own" }));
        Assert.That(one.Cache.List(), Has.Count.EqualTo(1));
    }

    private static async Task<string> KubectlAsync(string kubeconfig, params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", ["--kubeconfig", kubeconfig, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var kubectl = Process.Start(start) ?? throw new InvalidOperationException("kubectl does not start");
        var output = kubectl.StandardOutput.ReadToEndAsync();
        var error = await kubectl.StandardError.ReadToEndAsync();
        await kubectl.WaitForExitAsync();
        return await output + error;
    }
}
