namespace Modestano.Testbed.Tests.KubeApi;

/// <summary>How the real kubectl changes objects of the operator's own kinds.</summary>
public sealed class KubectlChangeTests : InstalledCluster
{
    private const string Second = "primaryRegion: eu-west-2";

    private static string MoveRegion(string text) => text.Replace("primaryRegion: eu-west-1", Second, StringComparison.Ordinal);

    [Test]
    public async Task Create_makes_an_object_once()
    {
        var manifest = SampleReplicaSet("created");
        Assert.That(await Kubectl.RunAsync("create", "-f", manifest, "--dry-run=server"), Is.EqualTo("mongoreplicaset.mongo.modestano.io/created created (server dry run)\n"));
        Assert.That(await Kubectl.RunAsync("create", "-f", manifest), Is.EqualTo("mongoreplicaset.mongo.modestano.io/created created\n"));
        Assert.That(await RefusedAsync("create", "-f", manifest), Does.Contain("mongoreplicasets.mongo.modestano.io \"created\" already exists"));
        Assert.That(await RefusedAsync("create", "-n", "nosuch", "-f", manifest), Does.Contain("namespaces \"nosuch\" not found"));
    }

    [Test]
    public async Task Replace_puts_the_whole_object_in_place_and_needs_one()
    {
        var manifest = SampleReplicaSet("replaced");
        Assert.That(await RefusedAsync("replace", "-f", manifest), Does.Contain("\"replaced\" not found"));
        await Kubectl.RunAsync("create", "-f", manifest);
        await Kubectl.RunAsync("label", "mrs/replaced", "old=label");
        await Kubectl.RunAsync("replace", "-f", SampleReplicaSet("replaced", MoveRegion));
        Assert.That(await ValueAsync("mrs/replaced", ".spec.primaryRegion} {.metadata.labels} {.metadata.generation"), Is.EqualTo("eu-west-2  2"));
        var uid = await ValueAsync("mrs/replaced", ".metadata.uid");
        await Kubectl.RunAsync("replace", "--force", "-f", manifest);
        Assert.That(await ValueAsync("mrs/replaced", ".metadata.uid"), Is.Not.EqualTo(uid));
    }

    [Test]
    public async Task Apply_and_diff_know_what_changed()
    {
        var manifest = SampleReplicaSet("applied");
        Assert.That(await Kubectl.RunAsync("apply", "-f", manifest), Does.EndWith("applied created\n"));
        Assert.That(await Kubectl.RunAsync("apply", "-f", manifest), Does.EndWith("applied unchanged\n"));
        Assert.That((await Kubectl.TryAsync("diff", "-f", manifest)).ExitCode, Is.Zero);
        SampleReplicaSet("applied", MoveRegion);
        var diff = await Kubectl.TryAsync("diff", "-f", manifest);
        Assert.That(diff.ExitCode, Is.EqualTo(1));
        Assert.That(diff.Output, Does.Contain("-  primaryRegion: eu-west-1\n+  primaryRegion: eu-west-2"));
        Assert.That(await Kubectl.RunAsync("apply", "-f", manifest, "--dry-run=server"), Does.EndWith("applied configured (server dry run)\n"));
        Assert.That(await Kubectl.RunAsync("apply", "-f", manifest), Does.EndWith("applied configured\n"));
        Assert.That(await Kubectl.RunAsync("apply", "view-last-applied", "mrs/applied"), Does.Contain(Second));
    }

    [TestCase("merge", """{"spec":{"primaryRegion":"eu-west-2"}}""")]
    [TestCase("json", """[{"op":"test","path":"/spec/primaryRegion","value":"eu-west-1"},{"op":"replace","path":"/spec/primaryRegion","value":"eu-west-2"}]""")]
    public async Task A_patch_changes_a_field_and_counts_a_generation(string type, string patch)
    {
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet($"patched-{type}"));
        Assert.That(await Kubectl.RunAsync("patch", $"mrs/patched-{type}", $"--type={type}", "-p", patch), Does.EndWith("patched\n"));
        Assert.That(await ValueAsync($"mrs/patched-{type}", ".spec.primaryRegion} {.metadata.generation"), Is.EqualTo("eu-west-2 2"));
    }

    [Test]
    public async Task A_strategic_patch_is_for_built_in_kinds_only()
    {
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("strategic"));
        Assert.That(await RefusedAsync("patch", "mrs/strategic", "-p", """{"spec":{"primaryRegion":"eu-west-2"}}"""), Does.Contain("application/strategic-merge-patch+json is not supported by mongo.modestano.io/v1alpha1"));
        await Kubectl.RunAsync("patch", "-n", SystemNamespace, OperatorDeployment, "-p", """{"spec":{"template":{"spec":{"containers":[{"name":"manager","env":[{"name":"EXTRA","value":"1"}]}]}}}}""");
        Assert.That(await Kubectl.RunAsync("get", "-n", SystemNamespace, OperatorDeployment, "-o", "jsonpath={.spec.template.spec.containers[0].env[*].name}"), Does.Contain("EXTRA").And.Contain("POD_NAME"));
    }

    [Test]
    public async Task Status_is_written_through_its_subresource_and_the_main_path_leaves_it_alone()
    {
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("observed"));
        await Kubectl.RunAsync("patch", "mrs/observed", "--subresource=status", "--type=merge", "-p", """{"status":{"phase":"Steady"},"spec":{"primaryRegion":"eu-west-2"}}""");
        await Kubectl.RunAsync("patch", "mrs/observed", "--type=merge", "-p", """{"status":{"phase":"Made up"}}""");
        Assert.That(await ValueAsync("mrs/observed", ".status.phase} {.spec.primaryRegion} {.metadata.generation"), Is.EqualTo("Steady eu-west-1 1"));
    }

    [TestCase("""{"spec":{"replicaSetName":"other"}}""", "replicaSetName cannot be changed")]
    [TestCase("""{"spec":{"primaryRegion":"mars"}}""", "primaryRegion must be the name of one of the regions")]
    [TestCase("""{"spec":{"reconfiguration":{"mode":"Yolo"}}}""", "Unsupported value: \"Yolo\": supported values: \"Observe\", \"Plan\", \"Apply\"")]
    [TestCase("""{"spec":{"reconfiguration":{"maxReplicationLag":"soon"}}}""", "spec.reconfiguration.maxReplicationLag: Invalid value: \"soon\"")]
    [TestCase("""{"spec":{"regions":null}}""", "spec.regions: Required value")]
    public async Task A_change_that_breaks_a_rule_is_refused_by_field_and_reason(string patch, string reason)
    {
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("ruled"));
        Assert.That(await RefusedAsync("patch", "mrs/ruled", "--type=merge", "-p", patch), Does.Contain(reason));
    }

    [TestCase("wdr/shop", """{"spec":{"name":"other.modestano.test"}}""", "spec.name")]
    [TestCase("wdr/shop", """{"spec":{"type":"AAAA"}}""", "spec.type")]
    [TestCase("rmig/ireland-to-london", """{"spec":{"to":"eu-west-3"}}""", "spec")]
    public async Task What_cannot_change_says_so(string resource, string patch, string field)
    {
        await Kubectl.RunAsync("apply", "-k", Config("samples"));
        Assert.That(await RefusedAsync("patch", resource, "--type=merge", "-p", patch), Does.Match($@"is invalid: \[?{field}.*cannot be changed"));
    }

    [Test]
    public async Task Fields_that_do_not_exist_are_refused_by_apply_and_warned_of_by_patch()
    {
        var manifest = SampleReplicaSet("strict", t => t.Replace("spec:\n", "spec:\n  bogus: 1\n", StringComparison.Ordinal));
        Assert.That(await RefusedAsync("apply", "-f", manifest), Does.Contain("unknown field \"spec.bogus\""));
        Assert.That((await Kubectl.TryAsync("apply", "-f", manifest, "--validate=warn")).Error, Does.Contain("Warning: unknown field \"spec.bogus\""));
        Assert.That((await Kubectl.TryAsync("patch", "mrs/strict", "--type=merge", "-p", """{"spec":{"bogus":1}}""")).Error, Does.Contain("Warning: unknown field \"spec.bogus\""));
        Assert.That(await ValueAsync("mrs/strict", ".spec.bogus"), Is.Empty);
    }

    [Test]
    public async Task Labels_and_annotations_are_set_overwritten_and_removed()
    {
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("marked"));
        Assert.That(await Kubectl.RunAsync("label", "mrs/marked", "tier=gold"), Does.EndWith("labeled\n"));
        Assert.That(await RefusedAsync("label", "mrs/marked", "tier=silver"), Does.Contain("already has a value (gold)"));
        await Kubectl.RunAsync("label", "mrs/marked", "tier=silver", "--overwrite");
        Assert.That(await Kubectl.RunAsync("label", "mrs/marked", "--list"), Is.EqualTo("tier=silver\n"));
        await Kubectl.RunAsync("label", "mrs/marked", "tier-");
        Assert.That(await RefusedAsync("label", "mrs/marked", "bad key=1"), Does.Contain("metadata.labels: Invalid value: \"bad key\": name part must consist of"));
        await Kubectl.RunAsync("annotate", "mrs/marked", "mongo.modestano.io/hold=the sale starts at nine");
        Assert.That(await ValueAsync("mrs/marked", @".metadata.annotations.mongo\.modestano\.io/hold} {.metadata.labels"), Is.EqualTo("the sale starts at nine "));
        await Kubectl.RunAsync("annotate", "mrs/marked", "mongo.modestano.io/hold-");
        Assert.That(await ValueAsync("mrs/marked", ".metadata.generation"), Is.EqualTo("1"));
    }

    [Test]
    public async Task An_editor_changes_the_object_and_an_invalid_edit_is_kept_in_a_file()
    {
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("edited"));
        Assert.That((await Kubectl.EditAsync("s/primaryRegion: eu-west-1/primaryRegion: eu-west-2/", "mrs/edited")).Output, Does.EndWith("edited edited\n"));
        Assert.That(await ValueAsync("mrs/edited", ".spec.primaryRegion"), Is.EqualTo("eu-west-2"));
        Assert.That((await Kubectl.EditAsync("s/nothing/like this/", "mrs/edited")).Error, Does.Contain("no changes made"));
        var invalid = await Kubectl.EditAsync("s/primaryRegion: eu-west-2/primaryRegion: mars/", "mrs/edited");
        Assert.That(invalid.ExitCode, Is.EqualTo(1));
        Assert.That(invalid.Error, Does.Contain("mongoreplicasets.mongo.modestano.io \"edited\" is invalid"));
        Assert.That((await Kubectl.EditAsync("s/^status: .*/x: y/;$a status: {phase: Steady}", "mrs/edited", "--subresource=status")).Output, Does.EndWith("edited edited\n"));
        Assert.That(await ValueAsync("mrs/edited", ".status.phase"), Is.EqualTo("Steady"));
    }

    [Test]
    public async Task A_deployment_is_created_scaled_changed_and_rolled_out()
    {
        await Kubectl.RunAsync("create", "deployment", "web", "--image=nginx:1", "--port=80");
        await Kubectl.RunAsync("scale", "deployment/web", "--replicas=3");
        Assert.That(await RefusedAsync("scale", "deployment/web", "--current-replicas=9", "--replicas=1"), Does.Contain("Expected replicas to be 9, was 3"));
        await Kubectl.RunAsync("set", "image", "deployment/web", "nginx=nginx:2");
        await Kubectl.RunAsync("rollout", "restart", "deployment/web");
        Assert.That(await Kubectl.RunAsync("get", "deployment/web", "--no-headers"), Does.Match("^web +0/3 +0 +0 "));

        // No controller runs deployments here; its report is written by hand.
        await Kubectl.RunAsync("patch", "deployment/web", "--subresource=status", "--type=merge", "-p", $$$"""
            {"status":{"observedGeneration":{{{await ValueAsync("deployment/web", ".metadata.generation")}}},"replicas":3,"updatedReplicas":3,"readyReplicas":3,"availableReplicas":3}}
            """);
        Assert.That(await Kubectl.RunAsync("rollout", "status", "deployment/web", "--timeout=20s"), Does.Contain("successfully rolled out"));
        Assert.That(await RefusedAsync("scale", "mrs/nosuch", "--replicas=2"), Does.Contain("not found"));
    }

    [Test]
    public async Task The_installation_is_applied_again_without_a_change()
    {
        await Kubectl.RunAsync("create", "namespace", "again");
        Assert.That((await Kubectl.RunAsync("apply", "-n", "again", "-k", Config("samples"))).Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(4).And.All.EndsWith(" created"));

        // The secret is written in plain text, which the server never shows, so that kubectl sends it each time.
        Assert.That(
            (await Kubectl.RunAsync("apply", "-n", "again", "-k", Config("samples"))).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith("secret/", StringComparison.Ordinal)),
            Has.All.EndsWith(" unchanged"));
        await Kubectl.RunAsync("delete", "-n", "again", "-k", Config("samples"));
        Assert.That((await Kubectl.TryAsync("get", "-n", "again", "modestano")).Error, Does.Contain("No resources found"));
    }
}
