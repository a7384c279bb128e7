using System.Text.Json.Nodes;

namespace Modestano.Testbed.Tests.KubeApi;

public sealed class ListTests
{
    [Test]
    public async Task Pages_are_cut_from_the_snapshot_of_the_first_page()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
        {
            await server.CreateWidgetAsync(name);
        }

        var first = (await server.GetAsync($"{TestServer.Widgets}?limit=2")).Body;
        await server.SendAsync("DELETE", $"{TestServer.Widgets}/d");
        await server.CreateWidgetAsync("bb");
        var second = (await server.GetAsync($"{TestServer.Widgets}?limit=2&continue={first["metadata"]!["continue"]}")).Body;
        var third = (await server.GetAsync($"{TestServer.Widgets}?limit=2&continue={second["metadata"]!["continue"]}")).Body;

        Assert.That(new[] { Names(first), Names(second), Names(third) }, Is.EqualTo(new[] { "a b", "c d", "e" }));
        Assert.That(first["metadata"]!["remainingItemCount"]!.GetValue<int>(), Is.EqualTo(3));
        Assert.That(third["metadata"]!["continue"]!.GetValue<string>(), Is.Empty);
        Assert.That(third["metadata"]!["resourceVersion"]!.GetValue<string>(), Is.EqualTo(first["metadata"]!["resourceVersion"]!.GetValue<string>()));
    }

    [Test]
    public async Task A_continue_token_that_is_too_old_gets_410_and_a_token_for_the_rest()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await server.CreateWidgetAsync("a");
        await server.CreateWidgetAsync("b");
        var first = (await server.GetAsync($"{TestServer.Widgets}?limit=1")).Body;
        await server.CreateWidgetAsync("c");
        server.Server.Faults.ForgetHistory();

        var expired = await server.GetAsync($"{TestServer.Widgets}?limit=1&continue={first["metadata"]!["continue"]}");
        Assert.That(expired.Code, Is.EqualTo(410));
        Assert.That(expired.Body["reason"]!.GetValue<string>(), Is.EqualTo("Expired"));
        var rest = (await server.GetAsync($"{TestServer.Widgets}?continue={expired.Body["metadata"]!["continue"]}")).Body;
        Assert.That(Names(rest), Is.EqualTo("b c"));
    }

    [TestCase("labelSelector=tier%3Da", "a")]
    [TestCase("labelSelector=tier!%3Da", "b c")]
    [TestCase("labelSelector=tier%20in%20(a,b)", "a b")]
    [TestCase("labelSelector=tier%20notin%20(a)", "b c")]
    [TestCase("labelSelector=tier", "a b")]
    [TestCase("labelSelector=!tier", "c")]
    [TestCase("labelSelector=tier,tier!%3Da", "b")]
    [TestCase("fieldSelector=metadata.name%3Db", "b")]
    [TestCase("fieldSelector=metadata.name!%3Db", "a c")]
    [TestCase("fieldSelector=metadata.namespace%3Dother", "")]
    public async Task Selectors_select(string query, string names)
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await server.CreateWidgetAsync("a", metadata: """ "labels":{"tier":"a"} """);
        await server.CreateWidgetAsync("b", metadata: """ "labels":{"tier":"b"} """);
        await server.CreateWidgetAsync("c");

        Assert.That(Names((await server.GetAsync($"{TestServer.Widgets}?{query}")).Body), Is.EqualTo(names));
    }

    [Test]
    public async Task A_field_that_cannot_be_selected_by_is_named()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        var answer = await server.GetAsync($"{TestServer.Widgets}?fieldSelector=spec.size%3DLarge");
        Assert.That((answer.Code, answer.Message), Is.EqualTo((400, "field label not supported: spec.size")));
    }

    [Test]
    public async Task Items_of_built_in_kinds_have_no_kind_and_items_of_custom_kinds_have()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await server.CreateWidgetAsync("a");
        Assert.That((await server.GetAsync(TestServer.Widgets)).Body["items"]![0]!["kind"]!.GetValue<string>(), Is.EqualTo("Widget"));
        Assert.That((await server.GetAsync("/api/v1/namespaces")).Body["items"]![0]!["kind"], Is.Null);
    }

    private static string Names(JsonNode list) => string.Join(" ", list["items"]!.AsArray().Select(i => i!["metadata"]!["name"]!.GetValue<string>()));
}
