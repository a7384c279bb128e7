using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Modestano.Testbed.KubeApi;

namespace Modestano.Testbed.Tests.KubeApi;

/// <summary>The official .NET client against the server, over TLS with a token, as the operator uses it.</summary>
public sealed class KubernetesClientTests
{
    private KubeApiServer server = null!;
    private Kubernetes client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        server = await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None);
        using var kubeconfig = new MemoryStream(Encoding.UTF8.GetBytes(server.KubeconfigYaml()));
        client = new Kubernetes(await KubernetesClientConfiguration.BuildConfigFromConfigFileAsync(kubeconfig));
    }

    [TearDown]
    public async Task StopAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Test]
    public async Task Objects_are_created_listed_changed_and_deleted()
    {
        await client.CoreV1.CreateNamespacedConfigMapAsync(Config("a", "1"), "default");
        var read = await client.CoreV1.ReadNamespacedConfigMapAsync("a", "default");
        read.Data["x"] = "2";
        var replaced = await client.CoreV1.ReplaceNamespacedConfigMapAsync(read, "a", "default");
        Assert.That(replaced.Data["x"], Is.EqualTo("2"));
        Assert.That((await client.CoreV1.ListNamespacedConfigMapAsync("default")).Items.Select(i => i.Name()), Is.EqualTo(new[] { "a" }));
        Assert.That((await client.CoreV1.DeleteNamespacedConfigMapAsync("a", "default")).Status, Is.EqualTo("Success"));
    }

    [Test]
    public async Task A_stale_replace_is_a_conflict()
    {
        var first = await client.CoreV1.CreateNamespacedConfigMapAsync(Config("a", "1"), "default");
        await client.CoreV1.PatchNamespacedConfigMapAsync(new V1Patch("""{"data":{"x":"2"}}""", V1Patch.PatchType.MergePatch), "a", "default");
        var failure = await Assert.ThrowsAsync<HttpOperationException>(() => client.CoreV1.ReplaceNamespacedConfigMapAsync(first, "a", "default"));
        Assert.That(JsonDocument.Parse(failure!.Response.Content).RootElement.GetProperty("reason").GetString(), Is.EqualTo("Conflict"));
    }

    [Test]
    public async Task A_watch_delivers_events_and_reports_410_through_its_error_callback()
    {
        var created = await client.CoreV1.CreateNamespacedConfigMapAsync(Config("a", "1"), "default");
        var events = Channel.CreateUnbounded<string>();
        using var watcher = client.CoreV1.WatchListNamespacedConfigMap(
            "default",
            onEvent: (type, item) => events.Writer.TryWrite($"{type} {item.Name()}"),
            onError: e => events.Writer.TryWrite($"error {(e as KubernetesException)?.Status.Code}"),
            onClosed: () => events.Writer.TryWrite("closed"));
        Assert.That(await events.Reader.ReadAsync(), Is.EqualTo("Added a"));
        await client.CoreV1.DeleteNamespacedConfigMapAsync("a", "default");
        Assert.That(await events.Reader.ReadAsync(), Is.EqualTo("Deleted a"));
        server.Faults.ForgetHistory();
        Assert.That(await events.Reader.ReadAsync(), Is.EqualTo("error 410"));
        Assert.That(created.ResourceVersion(), Is.Not.Empty);
    }

    [Test]
    public async Task A_lease_is_created_by_create_and_renewed_by_replace()
    {
        var lease = new V1Lease
        {
            Metadata = new V1ObjectMeta { Name = "op" },
            Spec = new V1LeaseSpec { HolderIdentity = "me", LeaseDurationSeconds = 15, RenewTime = new DateTime(2030, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc) },
        };
        var created = await client.CoordinationV1.CreateNamespacedLeaseAsync(lease, "default");
        created.Spec.HolderIdentity = "you";
        Assert.That((await client.CoordinationV1.ReplaceNamespacedLeaseAsync(created, "op", "default")).Spec.HolderIdentity, Is.EqualTo("you"));
    }

    [Test]
    public async Task A_time_of_whole_seconds_is_refused_in_a_lease_as_a_real_server_refuses_it()
    {
        var lease = new V1Lease
        {
            Metadata = new V1ObjectMeta { Name = "op" },
            Spec = new V1LeaseSpec { HolderIdentity = "me", LeaseDurationSeconds = 15, RenewTime = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc) },
        };
        var failure = await Assert.ThrowsAsync<HttpOperationException>(() => client.CoordinationV1.CreateNamespacedLeaseAsync(lease, "default"));
        Assert.That((int)failure!.Response.StatusCode, Is.EqualTo(400));
    }

    [Test]
    public async Task An_event_of_one_group_is_read_through_the_other()
    {
        await client.EventsV1.CreateNamespacedEventAsync(
            new Eventsv1Event
            {
                Metadata = new V1ObjectMeta { Name = "e", NamespaceProperty = "default" },
                EventTime = new DateTime(2030, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc),
                ReportingController = "op",
                ReportingInstance = "op-0",
                Action = "Reconcile",
                Reason = "Added",
                Note = "a member was added",
                Type = "Normal",
                Regarding = new V1ObjectReference { Kind = "ConfigMap", Name = "a", NamespaceProperty = "default" },
            },
            "default");
        var core = await client.CoreV1.ReadNamespacedEventAsync("e", "default");
        Assert.That((core.Message, core.InvolvedObject.Name, core.ReportingComponent), Is.EqualTo(("a member was added", "a", "op")));
    }

    [Test]
    public async Task A_list_is_read_in_pages_of_one_snapshot()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            await client.CoreV1.CreateNamespacedConfigMapAsync(Config(name, "1"), "default");
        }

        var first = await client.CoreV1.ListNamespacedConfigMapAsync("default", limit: 2);
        await client.CoreV1.DeleteNamespacedConfigMapAsync("c", "default");
        var rest = await client.CoreV1.ListNamespacedConfigMapAsync("default", limit: 2, continueParameter: first.Metadata.ContinueProperty);
        Assert.That(first.Items.Concat(rest.Items).Select(i => i.Name()), Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That((first.Metadata.RemainingItemCount, rest.Metadata.ContinueProperty), Is.EqualTo((1L, (string?)null)));
    }

    [Test]
    public async Task A_page_after_compaction_is_refused_with_410_and_a_token_for_the_rest()
    {
        foreach (var name in new[] { "a", "b" })
        {
            await client.CoreV1.CreateNamespacedConfigMapAsync(Config(name, "1"), "default");
        }

        var first = await client.CoreV1.ListNamespacedConfigMapAsync("default", limit: 1);
        await client.CoreV1.CreateNamespacedConfigMapAsync(Config("c", "1"), "default");
        server.Faults.ForgetHistory();
        var failure = await Assert.ThrowsAsync<HttpOperationException>(() => client.CoreV1.ListNamespacedConfigMapAsync("default", limit: 1, continueParameter: first.Metadata.ContinueProperty));
        var status = JsonDocument.Parse(failure!.Response.Content).RootElement;
        Assert.That(((int)failure.Response.StatusCode, status.GetProperty("reason").GetString()), Is.EqualTo((410, "Expired")));
        var rest = await client.CoreV1.ListNamespacedConfigMapAsync("default", continueParameter: status.GetProperty("metadata").GetProperty("continue").GetString());
        Assert.That(rest.Items.Select(i => i.Name()), Is.EqualTo(new[] { "b", "c" }));
    }

    [Test]
    public async Task A_bookmark_carries_the_version_that_other_changes_moved_the_store_to()
    {
        var seen = (await client.CoreV1.ListNamespacedConfigMapAsync("default")).Metadata.ResourceVersion;
        var moved = await client.CoreV1.CreateNamespacedSecretAsync(new V1Secret { Metadata = new V1ObjectMeta { Name = "other" } }, "default");
        var events = Channel.CreateUnbounded<(WatchEventType Type, string Version)>();
        using var watcher = client.CoreV1.WatchListNamespacedConfigMap(
            "default",
            allowWatchBookmarks: true,
            resourceVersion: seen,
            timeoutSeconds: 1,
            onEvent: (type, item) => events.Writer.TryWrite((type, item.ResourceVersion())),
            onClosed: () => events.Writer.TryComplete());
        Assert.That(await events.Reader.ReadAllAsync().ToListAsync(), Is.EqualTo(new[] { (WatchEventType.Bookmark, moved.ResourceVersion()) }));
    }

    [Test]
    public async Task A_conflict_of_field_managers_names_owner_and_field()
    {
        await ApplyAsync("one", "1");
        var failure = await Assert.ThrowsAsync<HttpOperationException>(() => ApplyAsync("two", "2"));
        Assert.That(failure!.Response.Content, Does.Contain("conflict with \\\"one\\\": .data.x"));
        Assert.That((await ApplyAsync("two", "2", force: true)).Data["x"], Is.EqualTo("2"));

        Task<V1ConfigMap> ApplyAsync(string manager, string value, bool? force = null) => client.CoreV1.PatchNamespacedConfigMapAsync(
            new V1Patch($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"{{{value}}}"} }""", V1Patch.PatchType.ApplyPatch), "a", "default", fieldManager: manager, force: force);
    }

    private static V1ConfigMap Config(string name, string value) => new() { Metadata = new V1ObjectMeta { Name = name }, Data = new Dictionary<string, string> { ["x"] = value } };
}
