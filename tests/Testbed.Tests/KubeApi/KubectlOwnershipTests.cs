using Modestano.Testbed.KubeApi;

namespace Modestano.Testbed.Tests.KubeApi;

/// <summary>Who owns which field, by the real kubectl: server-side apply, its conflicts, and the move to it from client-side apply.</summary>
public sealed class KubectlOwnershipTests : InstalledCluster
{
    private const string Owners = ".metadata.managedFields[*].manager";

    private static string MoveRegion(string text) => text.Replace("primaryRegion: eu-west-1", "primaryRegion: eu-west-2", StringComparison.Ordinal);

    [Test]
    public async Task Client_side_ownership_moves_to_kubectls_server_side_apply_without_a_conflict()
    {
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("moved"));
        Assert.That(await OwnersAsync("mrs/moved"), Is.EqualTo("kubectl-client-side-apply"));
        await Kubectl.RunAsync("apply", "--server-side", "-f", SampleReplicaSet("moved", MoveRegion));
        Assert.That(await OwnersAsync("mrs/moved"), Is.EqualTo("kubectl kubectl-last-applied"));
        Assert.That(await ValueAsync("mrs/moved", ".spec.primaryRegion"), Is.EqualTo("eu-west-2"));
    }

    [Test]
    public async Task A_field_that_the_new_manifest_drops_goes_with_its_old_owner()
    {
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("dropped", t => t.Replace("spec:\n", "spec:\n  settings: {electionTimeoutMillis: 12000}\n", StringComparison.Ordinal)));
        await Kubectl.RunAsync("apply", "--server-side", "-f", SampleReplicaSet("dropped", t => t.Replace("spec:\n", "spec:\n  settings: {electionTimeoutMillis: 12000}\n", StringComparison.Ordinal)));
        await Kubectl.RunAsync("apply", "--server-side", "-f", SampleReplicaSet("dropped"));
        Assert.That(await ValueAsync("mrs/dropped", ".spec.settings"), Is.Empty);
    }

    [Test]
    public async Task The_way_back_to_client_side_apply_works_on_the_kept_annotation()
    {
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("back"));
        await Kubectl.RunAsync("apply", "--server-side", "-f", SampleReplicaSet("back", MoveRegion));
        Assert.That(await Kubectl.RunAsync("apply", "view-last-applied", "mrs/back"), Does.Contain("primaryRegion: eu-west-2"));
        Assert.That(await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("back")), Does.EndWith("configured\n"));
        Assert.That(await ValueAsync("mrs/back", ".spec.primaryRegion"), Is.EqualTo("eu-west-1"));
    }

    [Test]
    public async Task Another_manager_meets_a_conflict_that_names_owner_and_field_and_may_force_it()
    {
        await Kubectl.RunAsync("apply", "--server-side", "-f", SampleReplicaSet("contested"));
        var other = SampleReplicaSet("contested", MoveRegion);
        var refused = await RefusedAsync("apply", "--server-side", "--field-manager=flux", "-f", other);
        Assert.That(refused, Does.Contain("Apply failed with 1 conflict: conflict with \"kubectl\": .spec.primaryRegion"));
        await Kubectl.RunAsync("apply", "--server-side", "--field-manager=flux", "--force-conflicts", "-f", other);
        Assert.That(await OwnersAsync("mrs/contested"), Is.EqualTo("flux kubectl"));
        Assert.That(await RefusedAsync("apply", "--server-side", "-f", SampleReplicaSet("contested")), Does.Contain("conflict with \"flux\": .spec.primaryRegion"));
    }

    [Test]
    public async Task What_a_person_patched_after_a_client_side_apply_is_a_conflict_in_the_move()
    {
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("patched"));
        await Kubectl.RunAsync("patch", "mrs/patched", "--type=merge", "-p", """{"spec":{"primaryRegion":"eu-west-2"}}""");
        Assert.That(await RefusedAsync("apply", "--server-side", "-f", SampleReplicaSet("patched")), Does.Contain("conflict with \"kubectl-patch\" using mongo.modestano.io/v1alpha1: .spec.primaryRegion"));
    }

    [Test]
    public async Task Two_managers_of_one_value_share_it_and_each_list_item_by_its_key()
    {
        await Kubectl.RunAsync("apply", "--server-side", "-f", SampleReplicaSet("shared"));
        await Kubectl.RunAsync("apply", "--server-side", "--field-manager=flux", "-f", Kubectl.Manifest("shared-part.yaml", """
            apiVersion: mongo.modestano.io/v1alpha1
            kind: MongoReplicaSet
            metadata: {name: shared}
            spec:
              regions:
              - name: eu-west-1
                members:
                - {host: mongo-a.eu-west-1.modestano.test:27017, tags: {use: reporting}}
            """));
        Assert.That(await ValueAsync("mrs/shared", ".spec.regions[0].members[0].tags.use} {.spec.regions[0].members[0].zone} {.spec.regions[1].name"), Is.EqualTo("reporting eu-west-1a eu-west-2"));
        Assert.That(await OwnersAsync("mrs/shared"), Is.EqualTo("flux kubectl"));
    }

    [Test]
    public async Task The_status_has_owners_of_its_own()
    {
        await Kubectl.RunAsync("apply", "--server-side", "-f", SampleReplicaSet("reported"));
        await Kubectl.RunAsync("patch", "mrs/reported", "--subresource=status", "--field-manager=modestano-operator", "--type=merge", "-p", """{"status":{"phase":"Steady"}}""");
        await Kubectl.RunAsync("apply", "--server-side", "-f", SampleReplicaSet("reported", MoveRegion));
        Assert.That(await ValueAsync("mrs/reported", ".status.phase} {.metadata.managedFields[?(@.subresource==\"status\")].manager"), Is.EqualTo("Steady modestano-operator"));
    }

    [Test]
    public async Task The_whole_installation_moves_from_client_side_to_server_side_apply()
    {
        await using var fresh = await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None);
        using var kubectl = new Kubectl(fresh);
        var created = await kubectl.RunAsync("apply", "-k", Config("default"));
        var moved = await kubectl.RunAsync("apply", "--server-side", "-k", Config("default"));
        Assert.That(moved.Split('\n'), Has.Length.EqualTo(created.Split('\n').Length));
        Assert.That((await kubectl.TryAsync("diff", "--server-side", "-k", Config("default"))).ExitCode, Is.Zero);
    }

    private async Task<string> OwnersAsync(string resource) =>
        string.Join(' ', (await Kubectl.RunAsync("get", resource, "--show-managed-fields", "-o", $"jsonpath={{{Owners}}}")).Split(' ').Distinct().Order(StringComparer.Ordinal));
}
