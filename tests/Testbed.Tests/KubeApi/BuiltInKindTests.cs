namespace Modestano.Testbed.Tests.KubeApi;

public sealed class BuiltInKindTests
{
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments?fieldValidation=Strict";

    private static readonly TestCaseData[] Refused =
    [
        new TestCaseData("""{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"c"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}""", 422, "`selector` does not match template `labels`")
            .SetName("A_selector_that_misses_its_template"),
        new TestCaseData("""{"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}""", 422, "spec.selector: Required value").SetName("A_deployment_without_selector"),
        new TestCaseData("""{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c"}]}}}""", 422, "spec.template.spec.containers[0].image: Required value")
            .SetName("A_container_without_image"),
        new TestCaseData("""{"replicas":"two","selector":{},"template":{}}""", 400, "spec.replicas must be of type integer").SetName("A_text_where_a_number_is_wanted"),
        new TestCaseData("""{"replica":2,"selector":{},"template":{}}""", 400, "strict decoding error: unknown field \"spec.replica\"").SetName("A_field_that_does_not_exist"),
    ];

    [TestCaseSource(nameof(Refused))]
    public async Task A_deployment_is_refused_with_the_field_and_the_reason(string spec, int code, string message)
    {
        await using var server = await TestServer.StartAsync();
        var answer = await server.SendAsync("POST", Deployments, $$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{{spec}} }""");
        Assert.That(answer.Code, Is.EqualTo(code));
        Assert.That(answer.Message, Does.Contain(message));
        Assert.That(server.Server.Requests.UnexpectedErrors, Is.Empty);
    }

    [Test]
    public async Task Every_built_in_kind_is_listed_shown_as_a_table_and_explained()
    {
        await using var server = await TestServer.StartAsync();
        var groups = (await server.GetAsync("/apis")).Body["groups"]!.AsArray().Select(g => $"/apis/{g!["preferredVersion"]!["groupVersion"]}").Append("/api/v1");
        foreach (var group in groups)
        {
            Assert.That((await server.GetAsync($"/openapi/v3{group}")).Code, Is.EqualTo(200), group);
            foreach (var resource in (await server.GetAsync(group)).Body["resources"]!.AsArray().Where(r => r!["verbs"]!.AsArray().Any(v => v!.GetValue<string>() == "list")))
            {
                var list = await server.GetAsync($"{group}/{resource!["name"]}", TableTests.Table);
                Assert.That((list.Code, list.Body["kind"]!.GetValue<string>()), Is.EqualTo((200, "Table")), $"{group}/{resource["name"]}");
            }
        }

        Assert.That(server.Server.Requests.UnexpectedErrors, Is.Empty);
    }
}
