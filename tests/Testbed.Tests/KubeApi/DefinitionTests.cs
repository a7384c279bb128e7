using System.Text.Json.Nodes;

namespace Modestano.Testbed.Tests.KubeApi;

public sealed class DefinitionTests
{
    [TestCase("/openapi/v3")]
    [TestCase("/openapi/v3/apis/apiextensions.k8s.io/v1")]
    public async Task A_document_that_the_client_holds_is_not_sent_again(string path)
    {
        await using var server = await TestServer.StartAsync();
        var first = await server.GetAsync(path);
        var again = await server.SendAsync("GET", path, header: ("If-None-Match", first.Headers.ETag!.ToString()));
        await server.DefineWidgetsAsync();
        var changed = await server.SendAsync("GET", "/openapi/v3", header: ("If-None-Match", first.Headers.ETag.ToString()));
        Assert.That((first.Code, again.Code, again.Text, changed.Code), Is.EqualTo((200, 304, "", 200)));
    }

    private const string Widgets = $"{TestServer.Definitions}/widgets.example.com";

    [Test]
    public async Task An_established_definition_is_served_and_discovered()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        var resources = (await server.GetAsync("/apis/example.com/v1alpha1")).Body["resources"]!.AsArray();
        Assert.That(resources.Select(r => r!["name"]!.GetValue<string>()), Is.EqualTo(new[] { "widgets", "widgets/status", "widgets/scale" }));
        Assert.That((await server.GetAsync("/openapi/v3")).Body["paths"]!["apis/example.com/v1alpha1"], Is.Not.Null);
    }

    [Test]
    public async Task A_kind_that_is_taken_is_not_accepted_and_not_served()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        var yaml = (await TestServer.EmbeddedText("Schema/widgets.yaml")).Replace("widgets", "gizmos", StringComparison.Ordinal);
        await server.SendAsync("POST", TestServer.Definitions, yaml, "application/yaml");
        await using var watch = await server.WatchAsync($"{TestServer.Definitions}?watch=true&fieldSelector=metadata.name=gizmos.example.com");
        var refused = await watch.UntilAsync(e => e["object"]!["status"]!["conditions"] is JsonArray { Count: > 0 });

        var condition = refused["object"]!["status"]!["conditions"]![0]!;
        Assert.That((condition["type"]!.GetValue<string>(), condition["status"]!.GetValue<string>()), Is.EqualTo(("NamesAccepted", "False")));
        Assert.That((await server.GetAsync("/apis/example.com/v1alpha1/namespaces/default/gizmos")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task Deleting_a_definition_deletes_its_objects_and_ends_their_watches()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await server.CreateWidgetAsync("a");
        await using var watch = await server.WatchAsync($"{TestServer.Widgets}?watch=true");
        await server.SendAsync("DELETE", Widgets);

        Assert.That(await watch.RestAsync(), Is.EqualTo(new[] { "ADDED a", "DELETED a" }));
        Assert.That((await server.GetAsync(Widgets)).Code, Is.EqualTo(404));
        await server.DefineWidgetsAsync();
        Assert.That((await server.GetAsync(TestServer.Widgets)).Body["items"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task A_definition_is_held_by_an_object_with_a_finalizer_and_nothing_new_is_created()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await server.CreateWidgetAsync("a", metadata: """ "finalizers":["example.com/x"] """);
        await server.SendAsync("DELETE", Widgets);
        await using (var watch = await server.WatchAsync($"{TestServer.Definitions}?watch=true&fieldSelector=metadata.name=widgets.example.com"))
        {
            await watch.UntilAsync(e => e["object"]!["status"]!["conditions"]!.AsArray().Any(c => c!["type"]!.GetValue<string>() == "Terminating"));
        }

        var refused = await server.SendAsync("POST", TestServer.Widgets, """{"apiVersion":"example.com/v1alpha1","kind":"Widget","metadata":{"name":"b"},"spec":{"title":"t"}}""");
        Assert.That((refused.Code, refused.Message), Is.EqualTo((405, "create is not supported on resources of kind \"widgets.example.com\"")));
        await using var gone = await server.WatchAsync($"{TestServer.Definitions}?watch=true&fieldSelector=metadata.name=widgets.example.com");
        await server.PatchWidgetAsync("a", """{"metadata":{"finalizers":null}}""");
        Assert.That((await gone.UntilAsync(e => e["type"]!.GetValue<string>() == "DELETED"))["object"]!["metadata"]!["name"]!.GetValue<string>(), Is.EqualTo("widgets.example.com"));
    }

    [Test]
    public async Task A_changed_schema_shows_in_stored_objects_at_once_without_a_new_resource_version()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        var before = await server.CreateWidgetAsync("a");
        await using var watch = await server.WatchAsync($"{TestServer.Widgets}?watch=true");
        const string spec = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties";
        var changed = await server.SendAsync(
            "PATCH", Widgets, $$$"""[{"op":"add","path":"{{{spec}}}/later","value":{"type":"string","default":"L"}},{"op":"remove","path":"{{{spec}}}/title"},{"op":"remove","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/required"}]""", "application/json-patch+json");
        Assert.That(changed.Code, Is.EqualTo(200), changed.Text);
        Assert.That(await watch.RestAsync(), Is.EqualTo(new[] { "ADDED a" }));

        var after = (await server.GetAsync($"{TestServer.Widgets}/a")).Body;
        Assert.That(after["spec"]!["later"]!.GetValue<string>(), Is.EqualTo("L"));
        Assert.That(after["spec"]!["title"], Is.Null);
        Assert.That(after["metadata"]!["resourceVersion"]!.GetValue<string>(), Is.EqualTo(before["metadata"]!["resourceVersion"]!.GetValue<string>()));
    }

    [Test]
    public async Task Unknown_fields_are_pruned_warned_of_or_refused_as_the_client_asks()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        const string body = """{"apiVersion":"example.com/v1alpha1","kind":"Widget","metadata":{"name":"a"},"spec":{"title":"t","bogus":1}}""";
        var strict = await server.SendAsync("POST", $"{TestServer.Widgets}?fieldValidation=Strict", body);
        Assert.That((strict.Code, strict.Message), Is.EqualTo((400, "Widget in version \"v1alpha1\" cannot be handled as a Widget: strict decoding error: unknown field \"spec.bogus\"")));

        var warned = await server.SendAsync("POST", $"{TestServer.Widgets}?fieldValidation=Warn", body);
        Assert.That(warned.Body["spec"]!["bogus"], Is.Null);
        Assert.That(warned.Headers.GetValues("Warning"), Is.EqualTo(new[] { "299 - \"unknown field \\\"spec.bogus\\\"\"" }));
    }

    [TestCase("jsonPath: .spec.size", "jsonPath: spec.size", "additionalPrinterColumns[0].jsonPath: Invalid value: \"spec.size\": is invalid json path: must start with a dot")]
    [TestCase("jsonPath: .spec.size", "jsonPath: '.spec[size]'", "'[size]' is not supported")]
    [TestCase("group: example.com", "group: other.com", "must be spec.names.plural+\".\"+spec.group")]
    public async Task A_definition_that_cannot_work_is_refused(string good, string bad, string message)
    {
        await using var server = await TestServer.StartAsync();
        var yaml = (await TestServer.EmbeddedText("Schema/widgets.yaml")).Replace(good, bad, StringComparison.Ordinal);
        Assert.That(yaml, Does.Contain(bad));
        var refused = await server.SendAsync("POST", TestServer.Definitions, yaml, "application/yaml");
        Assert.That(refused.Code, Is.EqualTo(422), refused.Text);
        Assert.That(refused.Message, Does.Contain(message));
    }
}
