using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Tables;

namespace Modestano.Testbed.Tests.KubeApi;

public sealed class TableTests
{
    public const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

    [Test]
    public async Task Columns_of_the_definition_are_shown_with_typed_cells()
    {
        await using var server = await TestServer.StartWithWidgetsAsync();
        await server.CreateWidgetAsync("a", """{"title":"t","replicas":3,"ratio":1.5,"frozen":false}""");
        const string synced = """{"type":"Synced","status":"False","reason":"No","message":"m","lastTransitionTime":"2030-01-02T03:04:05Z"}""";
        const string ready = """{"type":"Ready","status":"True","reason":"Ok","message":"m","lastTransitionTime":"2030-01-02T03:04:05Z"}""";
        var status = await server.SendAsync("PATCH", $"{TestServer.Widgets}/a/status", $$"""{"status":{"conditions":[{{synced}},{{ready}}]} }""", TestServer.MergePatch);
        Assert.That(status.Code, Is.EqualTo(200), status.Text);
        var table = (await server.GetAsync(TestServer.Widgets, Table)).Body;

        Assert.That(
            table["columnDefinitions"]!.AsArray().Select(c => c!["name"]!.GetValue<string>()),
            Is.EqualTo(new[] { "Name", "Size", "Replicas", "Ready", "Reason", "Expires", "Frozen", "Ratio", "Age" }));
        Assert.That(table["rows"]![0]!["cells"]!.ToJsonString(), Does.StartWith("""["a","Medium",3,"True","Ok",null,false,1.5,""" + "\""));
        Assert.That(table["rows"]![0]!["object"]!["kind"]!.GetValue<string>(), Is.EqualTo("PartialObjectMetadata"));
    }

    [TestCase(".a", "1")]
    [TestCase(".missing", "")]
    [TestCase(".list[0].name", "x")]
    [TestCase(".list[-1].name", "y")]
    [TestCase(".list[*].name", "x y")]
    [TestCase(".list[?(@.name==\"y\")].value", "2")]
    [TestCase(".list[?(@.name!=\"y\")].value", "1")]
    [TestCase(".list[?(@.on)].name", "y")]
    [TestCase(".labels.example\\.com/app", "shop")]
    [TestCase(".labels['example.com/app']", "shop")]
    public void Json_paths_find(string path, string found)
    {
        var root = JsonNode.Parse("""{"a":1,"list":[{"name":"x","value":1},{"name":"y","value":2,"on":true}],"labels":{"example.com/app":"shop"}}""")!;
        Assert.That(string.Join(" ", JsonPath.Parse(path).Find(root).Select(JsonPath.Text)), Is.EqualTo(found));
    }

    [TestCase(".a[0")]
    [TestCase(".a[nonsense]")]
    public void A_json_path_that_is_not_understood_says_so(string path) => Assert.That(() => JsonPath.Parse(path), Throws.TypeOf<FormatException>());

    [TestCase(0, "0s")]
    [TestCase(119, "119s")]
    [TestCase(120, "2m")]
    [TestCase(599, "9m59s")]
    [TestCase(600, "10m")]
    [TestCase(3 * 3600 - 1, "179m")]
    [TestCase(3 * 3600, "3h")]
    [TestCase(3 * 3600 + 60, "3h1m")]
    [TestCase(8 * 3600, "8h")]
    [TestCase(48 * 3600, "2d")]
    [TestCase(49 * 3600, "2d1h")]
    [TestCase(8 * 86400, "8d")]
    [TestCase(730 * 86400, "2y")]
    [TestCase(-5, "<invalid>")]
    public void Ages_are_written_as_kubectl_users_know_them(int seconds, string text) => Assert.That(Ages.Text(TimeSpan.FromSeconds(seconds)), Is.EqualTo(text));
}
