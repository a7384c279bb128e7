namespace Modestano.Testbed.Conformance.MongoDb;

public sealed class RecordingListTests
{
    [Test]
    public void Every_recording_is_replayed_or_listed()
    {
        var list = NotReplayed.Of("MongoDb");
        var replayed = list.Totals.Keys.ToDictionary(
            topic => topic,
            topic => (IReadOnlyList<string>)[.. Numbers(topic).Concat<string>(topic == "wire" ? [.. Numbers("traffic"), .. Numbers("labels")] : [])]);
        list.Check(replayed);
    }

    private static IEnumerable<string> Numbers(string topic) =>
        Resources.Names($"MongoDb/Recordings/{topic}/").Select(name => Path.GetFileName(name)[..3]);
}
