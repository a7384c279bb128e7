namespace Modestano.Testbed.Tests.KubeApi;

/// <summary>What the real kubectl shows of the operator's own kinds.</summary>
public sealed class KubectlReadTests : InstalledCluster
{
    [OneTimeSetUp]
    public async Task ApplySamplesAsync()
    {
        await Kubectl.RunAsync("apply", "-k", Config("samples"));
        await Kubectl.RunAsync("label", "mrs/marketplace", "team=shop", "tier=gold");
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("orders"));
        await Kubectl.RunAsync("patch", "mrs/marketplace", "--subresource=status", "--type=merge", "-p", """
            {"status":{"phase":"Steady","primary":"mongo-a.eu-west-1.modestano.test:27017","conditions":[{"type":"Ready","status":"True","reason":"AtRest","message":"nothing to do","lastTransitionTime":"2030-01-02T03:04:05Z"}]}}
            """);
    }

    [Test]
    public async Task Get_shows_the_columns_of_the_definition()
    {
        Assert.That(await Kubectl.RunAsync("get", "mrs", "marketplace"), Does.Match(@"^NAME +READY +PHASE +PRIMARY +REGION +MEMBERS +VOTES +LAG +AGE\nmarketplace +True +Steady +mongo-a\S+ "));
        Assert.That(await Kubectl.RunAsync("get", "wdr", "shop"), Does.Match(@"^NAME +READY +RECORD +TYPE +SERVED +WANTED +INSYNC +AGE\nshop +shop\.modestano\.test +A +\d+s\n$"));
        Assert.That(await Kubectl.RunAsync("get", "rmig"), Does.Match(@"^NAME +READY +PHASE +STEP +TRAFFIC +PRIMARY +HELD +WAITING FOR +AGE\nireland-to-london "));
    }

    [Test]
    public async Task Wide_output_adds_the_columns_of_lower_priority() =>
        Assert.That(await Kubectl.RunAsync("get", "mrs", "marketplace", "-o", "wide"), Does.Match(@"LAST ACTION +MESSAGE +AGE\n.* nothing to do +\d+s"));

    [Test]
    public async Task The_category_shows_every_kind_of_the_operator() =>
        Assert.That(await Kubectl.RunAsync("get", "modestano", "-o", "name"), Is.EqualTo("""
            mongoreplicaset.mongo.modestano.io/marketplace
            mongoreplicaset.mongo.modestano.io/orders
            regionmigration.mongo.modestano.io/ireland-to-london
            weighteddnsrecord.mongo.modestano.io/shop

            """));

    [Test]
    public async Task All_namespaces_and_labels_get_columns_of_their_own()
    {
        var rows = await Kubectl.RunAsync("get", "mrs", "-A", "--show-labels", "-L", "tier");
        Assert.That(rows, Does.Match(@"^NAMESPACE +NAME .* AGE +TIER +LABELS\ndefault +marketplace .* gold +team=shop,tier=gold\ndefault +orders .* <none>\n$"));
    }

    [TestCase("-l", "team=shop", "marketplace")]
    [TestCase("-l", "team in (shop,warehouse),tier!=silver", "marketplace")]
    [TestCase("-l", "!team", "orders")]
    [TestCase("--field-selector", "metadata.name=orders", "orders")]
    [TestCase("--field-selector", "metadata.name!=orders", "marketplace")]
    public async Task Selectors_by_label_and_field_choose(string option, string selector, string chosen) =>
        Assert.That(await Kubectl.RunAsync("get", "mrs", option, selector, "-o", "name"), Is.EqualTo($"mongoreplicaset.mongo.modestano.io/{chosen}\n"));

    [Test]
    public async Task A_field_that_cannot_be_selected_by_is_named() =>
        Assert.That(await RefusedAsync("get", "mrs", "--field-selector", "spec.primaryRegion=eu-west-1"), Does.Contain("field label not supported: spec.primaryRegion"));

    [Test]
    public async Task Rows_are_sorted_by_a_field_of_the_object() =>
        Assert.That(await Kubectl.RunAsync("get", "mrs", "--sort-by=.status.phase", "--no-headers"), Does.Match(@"^orders .*\nmarketplace "));

    [Test]
    public async Task Yaml_jsonpath_and_custom_columns_show_what_is_stored_with_its_defaults()
    {
        Assert.That(await Kubectl.RunAsync("get", "mrs", "orders", "-o", "yaml"), Does.Contain("    mechanism: SCRAM-SHA-256\n").And.Not.Contain("managedFields"));
        Assert.That(await Kubectl.RunAsync("get", "mrs", "orders", "-o", "yaml", "--show-managed-fields"), Does.Contain("manager: kubectl-client-side-apply"));
        Assert.That(await Kubectl.RunAsync("get", "mrs", "-o", "jsonpath={range .items[*]}{.metadata.name}={.spec.replicaSetName}{\"\\n\"}{end}"), Is.EqualTo("marketplace=rs0\norders=rs0\n"));
        Assert.That(await Kubectl.RunAsync("get", "mrs", "-o", "custom-columns=NAME:.metadata.name,MEMBER:.spec.regions[0].members[0].host", "--no-headers"), Does.Match(@"marketplace +mongo-a\.eu-west-1"));
    }

    [Test]
    public async Task The_status_is_read_through_its_subresource_too() =>
        Assert.That(await Kubectl.RunAsync("get", "mrs", "marketplace", "--subresource=status", "-o", "jsonpath={.status.phase}"), Is.EqualTo("Steady"));

    [Test]
    public async Task A_long_list_is_read_in_pages()
    {
        Assert.That(await Kubectl.RunAsync("get", "mrs", "--chunk-size=1", "-o", "name", "-v=6"), Does.Contain("marketplace").And.Contain("orders"));
        Assert.That(await Kubectl.RunAsync("get", "--raw", "/apis/mongo.modestano.io/v1alpha1/mongoreplicasets?limit=1"), Does.Contain("\"remainingItemCount\":1").And.Match("\"continue\":\"[^\"]+\""));
    }

    [Test]
    public async Task A_watch_shows_each_change_as_a_row()
    {
        await Kubectl.RunAsync("apply", "-f", SampleReplicaSet("watched"));
        using var watch = Kubectl.Start("get", "mrs", "--field-selector=metadata.name=watched", "-w", "--output-watch-events");
        Assert.That(await watch.StandardOutput.ReadLineAsync(), Does.Match("^EVENT +NAME +READY"));
        Assert.That(await watch.StandardOutput.ReadLineAsync(), Does.Match("^ADDED +watched "));
        await Kubectl.RunAsync("patch", "mrs/watched", "--subresource=status", "--type=merge", "-p", """{"status":{"phase":"Changing"}}""");
        Assert.That(await watch.StandardOutput.ReadLineAsync(), Does.Match("^MODIFIED +watched +Changing "));
        await Kubectl.RunAsync("delete", "mrs/watched");
        Assert.That(await watch.StandardOutput.ReadLineAsync(), Does.Match("^DELETED +watched "));
        watch.Kill();
        await watch.WaitForExitAsync();
    }

    [Test]
    public async Task Describe_shows_spec_status_and_events()
    {
        await Kubectl.RunAsync("create", "-f", Kubectl.Manifest("event.yaml", $$"""
            apiVersion: events.k8s.io/v1
            kind: Event
            metadata: {name: marketplace.1}
            eventTime: "2026-01-02T03:04:05.000006Z"
            reportingController: modestano-operator
            reportingInstance: operator-0
            action: Reconcile
            reason: PrimaryMoved
            regarding: {apiVersion: mongo.modestano.io/v1alpha1, kind: MongoReplicaSet, name: marketplace, namespace: default, uid: {{await ValueAsync("mrs/marketplace", ".metadata.uid")}}}
            note: the primary is in eu-west-1
            type: Normal
            """));
        var described = await Kubectl.RunAsync("describe", "mrs", "marketplace");
        Assert.That(described, Does.Contain("Replica Set Name:  rs0").And.Match("Phase: +Steady").And.Match(@"Normal +PrimaryMoved .* the primary is in eu-west-1"));
        Assert.That(await Kubectl.RunAsync("events", "--for", "mongoreplicaset/marketplace"), Does.Match(@"Normal +PrimaryMoved +MongoReplicaSet/marketplace +the primary is in eu-west-1"));
        Assert.That((await Kubectl.TryAsync("events", "--for", "mongoreplicaset/orders")).Error, Does.Contain("No events found"));
        Assert.That(await Kubectl.RunAsync("get", "events", "--field-selector=involvedObject.name=marketplace,type=Normal", "-o", "jsonpath={.items[*].reason}"), Is.EqualTo("PrimaryMoved"));
    }

    [Test]
    public async Task Events_are_followed_as_they_come()
    {
        using var follow = Kubectl.Start("events", "-n", "kube-public", "-w");
        await Kubectl.RunAsync("create", "-n", "kube-public", "-f", Kubectl.Manifest("followed.yaml", """
            apiVersion: events.k8s.io/v1
            kind: Event
            metadata: {name: followed.1}
            eventTime: "2026-01-02T03:04:05.000006Z"
            reportingController: modestano-operator
            reportingInstance: operator-0
            action: Reconcile
            reason: Followed
            regarding: {apiVersion: v1, kind: ConfigMap, name: followed, namespace: kube-public}
            note: it came
            type: Warning
            """));
        string? line;
        do
        {
            line = await follow.StandardOutput.ReadLineAsync();
        }
        while (line is not null && !line.Contains("Followed", StringComparison.Ordinal));

        Assert.That(line, Does.Match(@"Warning +Followed +ConfigMap/followed +it came"));
        follow.Kill();
        await follow.WaitForExitAsync();
    }

    [Test]
    public async Task Explain_tells_every_field_of_the_operators_kinds()
    {
        Assert.That(await Kubectl.RunAsync("explain", "mrs"), Does.Contain("metadata\t<ObjectMeta>").And.Contain("spec\t<Object> -required-"));
        Assert.That(await Kubectl.RunAsync("explain", "mrs.spec.reconfiguration.mode"), Does.Match(@"ENUM:\n +Observe\n +Plan\n +Apply\n"));
        Assert.That(await Kubectl.RunAsync("explain", "rmig", "--recursive"), Does.Contain("trafficSteps\t<[]Object>").And.Contain("onGateFailure\t<string>"));
        Assert.That(await Kubectl.RunAsync("explain", "wdr.spec.endpoints.weight"), Does.Contain("FIELD: weight <integer>"));
        Assert.That(await RefusedAsync("explain", "mrs.spec.bogus"), Does.Contain("field \"bogus\" does not exist"));
    }

    [Test]
    public async Task Discovery_names_the_kinds_their_short_names_and_categories()
    {
        Assert.That(await Kubectl.RunAsync("api-resources", "--api-group=mongo.modestano.io", "-o", "wide", "--no-headers"), Does.Match(
            @"mongoreplicasets +mrs +mongo\.modestano\.io/v1alpha1 +true +MongoReplicaSet +create,delete,deletecollection,get,list,patch,update,watch +modestano"));
        Assert.That(await Kubectl.RunAsync("api-versions"), Does.Contain("mongo.modestano.io/v1alpha1\n").And.Contain("\nv1\n"));
        Assert.That(await Kubectl.RunAsync("get", "--raw", "/"), Does.Contain("/apis/mongo.modestano.io/v1alpha1"));
        Assert.That(await RefusedAsync("get", "nosuchkind"), Does.Contain("the server doesn't have a resource type \"nosuchkind\""));
    }

    [Test]
    public async Task Health_and_version_are_answered()
    {
        Assert.That(await Kubectl.RunAsync("version"), Does.Contain("Server Version: v1."));
        Assert.That(await Kubectl.RunAsync("get", "--raw", "/readyz"), Is.EqualTo("ok"));
        Assert.That(await Kubectl.RunAsync("get", "--raw", "/livez?verbose"), Does.EndWith("livez check passed\n"));
        Assert.That(await Kubectl.RunAsync("cluster-info"), Does.Contain(Server.Url.ToString().TrimEnd('/')));
    }

    [Test]
    public async Task A_pod_is_pending_its_log_is_empty_and_nothing_can_be_run_in_it()
    {
        await Kubectl.RunAsync("run", "shell", "--image=busybox");
        Assert.That(await Kubectl.RunAsync("get", "pod", "shell", "--no-headers"), Does.Match(@"^shell +0/1 +Pending +0 "));
        Assert.That(await Kubectl.RunAsync("logs", "shell"), Is.Empty);
        Assert.That(await RefusedAsync("logs", "shell", "-c", "other"), Does.Contain("container other is not valid for pod shell"));
        Assert.That(await RefusedAsync("exec", "shell", "--", "ls"), Does.Contain("pod shell does not have a host assigned"));
        Assert.That(await RefusedAsync("logs", "nosuch"), Does.Contain("pods \"nosuch\" not found"));
    }

    [TestCase("priorityclass/modestano-operator-controller-manager", "PreemptionPolicy: +PreemptLowerPriority|Value: +1000000")]
    [TestCase("networkpolicy/modestano-operator-controller-manager", "To Port: metrics/TCP")]
    [TestCase("poddisruptionbudget/modestano-operator-controller-manager", "Max unavailable: +1")]
    [TestCase("service/modestano-operator-controller-manager-metrics", @"Type: +ClusterIP\n(.*\n)*IP: +10\.96\.\d+\.\d+")]
    [TestCase("deployment/modestano-operator-controller-manager", "RollingUpdateStrategy: +25% max unavailable, 25% max surge")]
    [TestCase("clusterrole/modestano-operator-viewer-role", @"mongoreplicasets\.mongo\.modestano\.io +\[\] +\[\] +\[get list watch\]")]
    [TestCase("role/modestano-operator-leader-election-role", @"leases\.coordination\.k8s\.io +\[\] +\[modestano-operator\] +\[get update\]")]
    [TestCase("serviceaccount/modestano-operator-controller-manager", "Namespace: +modestano-operator-system")]
    [TestCase("crd/mongoreplicasets.mongo.modestano.io", "Accepted Names:")]
    public async Task Describe_knows_every_kind_that_is_installed(string resource, string shown) =>
        Assert.That(await Kubectl.RunAsync("describe", "-n", SystemNamespace, resource), Does.Match(shown));
}
