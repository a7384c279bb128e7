using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Schema;

namespace Modestano.Testbed.Tests.Schema;

public sealed class RecordedWriteTests
{
    private static readonly StructuralSchema Schema = StructuralSchema.Parse(Recording.WidgetSchema());

    private static IEnumerable<TestCaseData> Writes => Recording.Writes().Select(w => new TestCaseData(w).SetArgDisplayNames($"{w["step"]} {w["title"]}"));

    [TestCaseSource(nameof(Writes))]
    public void A_write_ends_as_the_real_server_was_seen_to_end_it(JsonObject write)
    {
        var sent = write["sent"]!.DeepClone().AsObject();
        Schema.Prune(sent);
        Schema.ApplyDefaults(sent);
        var errors = Schema.Validate(sent, write["old"] as JsonObject, write["statusOnly"] is not null);

        // Fields with a leading dot come from the scale subresource, not from the schema.
        var expected = (write["causes"] as JsonArray ?? [])
            .Select(c => new FieldError((string)c!["field"]!, (string)c["message"]!, (string)c["reason"]!))
            .Where(e => !e.Field.StartsWith('.'));
        Assert.That(errors, Is.EquivalentTo(expected));
        if (write["stored"] is { } stored)
        {
            Assert.That(JsonNode.DeepEquals(sent, stored), Is.True, $"stored {stored.ToJsonString()}\nhere   {sent.ToJsonString()}");
        }
    }

    [Test]
    public void Pruning_names_what_it_removed()
    {
        var value = JsonNode.Parse("""{"bogusTop": 1, "metadata": {"x": 1}, "spec": {"bogus": {}, "extra": {"free": 1}, "ports": [{}, {"zzz": 1}]}}""")!.AsObject();
        Assert.That(Schema.Prune(value), Is.EqualTo(new[] { "bogusTop", "spec.bogus", "spec.ports[1].zzz" }));
    }

    [Test]
    public void What_was_stored_with_duplicates_may_stay_so()
    {
        var old = JsonNode.Parse("""{"spec": {"title": "t", "tags": ["a", "a"]}}""")!.AsObject();
        Assert.That(Schema.Validate(old, old), Is.Empty);
        Assert.That(Schema.Validate(old, null), Has.Count.EqualTo(1));
    }
}
