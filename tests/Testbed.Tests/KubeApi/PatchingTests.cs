using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.BuiltIn;
using Modestano.Testbed.KubeApi.Patching;

namespace Modestano.Testbed.Tests.KubeApi;

public sealed class PatchingTests
{
    private static readonly TestCaseData[] StrategicPatches =
    [
        Case(
            "A_container_is_found_by_its_name",
            """{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"b","image":"2"}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"}]}}}}"""),
        Case(
            "A_container_is_deleted_by_directive",
            """{"spec":{"template":{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"$patch":"delete","name":"a"}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"b"}]}}}}"""),
        Case(
            "Items_come_in_the_order_that_the_patch_names",
            """{"spec":{"template":{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}}}""",
            """{"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"c"},{"name":"b"},{"name":"a"}],"containers":[{"name":"c"}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"c"},{"name":"b"},{"name":"a"}]}}}}"""),
        Case(
            "A_list_without_key_is_replaced",
            """{"spec":{"template":{"spec":{"containers":[{"name":"a","args":["1","2"]}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"a","args":["3"]}]}}}}""",
            """{"spec":{"template":{"spec":{"containers":[{"name":"a","args":["3"]}]}}}}"""),
        Case("A_null_removes", """{"spec":{"replicas":2,"paused":true}}""", """{"spec":{"paused":null}}""", """{"spec":{"replicas":2}}"""),
        Case("A_map_is_replaced_by_directive", """{"metadata":{"labels":{"a":"1"}}}""", """{"metadata":{"labels":{"$patch":"replace","b":"2"}}}""", """{"metadata":{"labels":{"b":"2"}}}"""),
        Case(
            "Finalizers_are_merged_and_taken_out_by_value",
            """{"metadata":{"finalizers":["a","b"]}}""",
            """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"finalizers":["c"]}}""",
            """{"metadata":{"finalizers":["b","c"]}}"""),
        Case(
            "Only_the_kept_keys_stay",
            """{"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}}""",
            """{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}""",
            """{"spec":{"strategy":{"type":"Recreate"}}}"""),
    ];

    private static readonly TestCaseData[] FailingJsonPatches =
    [
        new TestCaseData("""[{"op":"remove","path":"/missing"}]""").SetName("Removing_what_is_not_there_fails"),
        new TestCaseData("""[{"op":"test","path":"/a","value":2}]""").SetName("A_test_of_another_value_fails"),
        new TestCaseData("""[{"op":"add","path":"/list/5","value":1}]""").SetName("An_index_beyond_the_end_fails"),
        new TestCaseData("""[{"op":"replace","path":"/missing/x","value":1}]""").SetName("A_path_through_nothing_fails"),
        new TestCaseData("""[{"op":"jump","path":"/a"}]""").SetName("An_unknown_operation_fails"),
    ];

    [TestCaseSource(nameof(StrategicPatches))]
    public void A_strategic_merge_patch_merges_by_the_keys_of_the_kind(string target, string patch, string wanted)
    {
        var deployment = BuiltInKinds.All.First(k => k.Kind == "Deployment");
        var merged = new StrategicMergePatch(path => MergeKeys.Of(deployment, path)).Apply(Parse(target), Parse(patch));
        Assert.That(merged.ToJsonString(), Is.EqualTo(Parse(wanted).ToJsonString()));
    }

    [Test]
    public void A_json_patch_moves_copies_and_inserts()
    {
        var operations = JsonNode.Parse(
            """
            [{"op":"test","path":"/a","value":1},{"op":"move","from":"/a","path":"/b~1c"},{"op":"copy","from":"/list/0","path":"/list/-"},
             {"op":"add","path":"/list/0","value":"first"},{"op":"replace","path":"/keep","value":null}]
            """)!.AsArray();
        var patched = JsonPatch.Apply(Parse("""{"a":1,"list":["x"],"keep":true}"""), operations);
        Assert.That(patched.ToJsonString(), Is.EqualTo("""{"list":["first","x","x"],"b/c":1,"keep":null}"""));
    }

    [TestCaseSource(nameof(FailingJsonPatches))]
    public void A_json_patch_that_cannot_be_carried_out_fails(string patch) =>
        Assert.That(() => JsonPatch.Apply(Parse("""{"a":1,"list":[]}"""), JsonNode.Parse(patch)!.AsArray()), Throws.TypeOf<JsonPatch.FailedException>());

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static TestCaseData Case(string name, string target, string patch, string wanted) => new TestCaseData(target, patch, wanted).SetName(name);
}
