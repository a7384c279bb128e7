namespace Modestano.Testbed.Tests.KubeApi;

/// <summary>How the real kubectl waits and deletes.</summary>
public sealed class KubectlDeleteTests : InstalledCluster
{
    [Test]
    public async Task Wait_ends_when_a_condition_a_value_or_an_object_comes()
    {
        using var appearing = Kubectl.Start("wait", "mrs/awaited", "--for=create", "--timeout=60s");
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("awaited"));
        await appearing.WaitForExitAsync();
        Assert.That(appearing.ExitCode, Is.Zero);

        using var ready = Kubectl.Start("wait", "mrs/awaited", "--for=condition=Ready", "--timeout=60s");
        using var phase = Kubectl.Start("wait", "mrs/awaited", "--for=jsonpath={.status.phase}=Steady", "--timeout=60s");
        await Kubectl.RunAsync("patch", "mrs/awaited", "--subresource=status", "--type=merge", "-p", """{"status":{"phase":"Steady","conditions":[{"type":"Ready","status":"True","reason":"AtRest","message":"","lastTransitionTime":"2030-01-02T03:04:05Z"}]}}""");
        await ready.WaitForExitAsync();
        await phase.WaitForExitAsync();
        Assert.That((ready.ExitCode, phase.ExitCode), Is.EqualTo((0, 0)));

        using var gone = Kubectl.Start("wait", "mrs/awaited", "--for=delete", "--timeout=60s");
        await Kubectl.RunAsync("delete", "mrs/awaited");
        await gone.WaitForExitAsync();
        Assert.That(gone.ExitCode, Is.Zero);
    }

    [Test]
    public async Task Wait_gives_up_at_its_timeout_and_says_for_what()
    {
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("unready"));
        Assert.That(await RefusedAsync("wait", "mrs/unready", "--for=condition=Ready", "--timeout=1s"), Does.Contain("timed out waiting for the condition on mongoreplicasets/unready"));
    }

    [Test]
    public async Task A_deletion_waits_for_the_last_finalizer()
    {
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("held"));
        await Kubectl.RunAsync("patch", "mrs/held", "--type=merge", "-p", """{"metadata":{"finalizers":["mongo.modestano.io/one","mongo.modestano.io/two"]}}""");
        Assert.That(await Kubectl.RunAsync("delete", "mrs/held", "--wait=false"), Does.EndWith("\"held\" deleted\n"));
        Assert.That(await ValueAsync("mrs/held", ".metadata.deletionTimestamp"), Is.Not.Empty);
        Assert.That(
            await RefusedAsync("patch", "mrs/held", "--type=merge", "-p", """{"metadata":{"finalizers":["mongo.modestano.io/three"]}}"""),
            Does.Contain("no new finalizers can be added if the object is being deleted"));
        Assert.That(await RefusedAsync("create", "-f", SampleReplicaSet("held")), Does.Contain("object is being deleted"));
        using var waiting = Kubectl.Start("delete", "mrs/held");
        await Kubectl.RunAsync("patch", "mrs/held", "--type=json", "-p", """[{"op":"remove","path":"/metadata/finalizers/0"}]""");
        await Kubectl.RunAsync("patch", "mrs/held", "--type=json", "-p", """[{"op":"remove","path":"/metadata/finalizers"}]""");
        await waiting.WaitForExitAsync();
        Assert.That(await RefusedAsync("get", "mrs/held"), Does.Contain("\"held\" not found"));
    }

    [TestCase("background")]
    [TestCase("foreground")]
    [TestCase("orphan")]
    public async Task Dependents_go_before_or_after_their_owner_or_stay(string cascade)
    {
        var name = $"owner-{cascade}";
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet(name));
        await Kubectl.RunAsync("create", "-f", Kubectl.Manifest($"{name}-dependent.yaml", $$"""
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: {{name}}
              ownerReferences: [{apiVersion: mongo.modestano.io/v1alpha1, kind: MongoReplicaSet, name: {{name}}, uid: {{await ValueAsync($"mrs/{name}", ".metadata.uid")}}, blockOwnerDeletion: true}]
            """));
        await Kubectl.RunAsync("delete", $"mrs/{name}", $"--cascade={cascade}", "--timeout=60s");
        if (cascade == "orphan")
        {
            Assert.That(await ValueAsync($"configmap/{name}", ".metadata.ownerReferences"), Is.Empty);
            return;
        }

        await Kubectl.RunAsync("wait", $"configmap/{name}", "--for=delete", "--timeout=60s");
    }

    [Test]
    public async Task Deletes_by_selector_file_and_name_find_what_is_there()
    {
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("first"));
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("second"));
        await Kubectl.RunAsync("label", "mrs/first", "mrs/second", "batch=one");
        Assert.That(await Kubectl.RunAsync("delete", "mrs", "-l", "batch=one", "--dry-run=server"), Does.Contain("\"first\" deleted (server dry run)").And.Contain("\"second\" deleted (server dry run)"));
        Assert.That(await Kubectl.RunAsync("delete", "mrs", "-l", "batch=one"), Does.Contain("\"first\" deleted").And.Contain("\"second\" deleted"));
        Assert.That(await RefusedAsync("delete", "-f", SampleReplicaSet("first")), Does.Contain("\"first\" not found"));
        Assert.That(await Kubectl.RunAsync("delete", "mrs/first", "--ignore-not-found"), Is.Empty);
    }

    [Test]
    public async Task A_namespace_goes_with_everything_in_it()
    {
        await Kubectl.RunAsync("create", "namespace", "short-lived");
        await Kubectl.RunAsync("apply", "-n", "short-lived", "-k", Config("samples"));
        await Kubectl.RunAsync("delete", "namespace", "short-lived", "--timeout=60s");
        Assert.That(await RefusedAsync("get", "namespace", "short-lived"), Does.Contain("not found"));
        Assert.That(await Kubectl.RunAsync("get", "modestano", "-A", "-o", "jsonpath={.items[?(@.metadata.namespace==\"short-lived\")].metadata.name}"), Is.Empty);
    }
}
