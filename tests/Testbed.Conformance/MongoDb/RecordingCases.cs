namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>One test case per recording, and what every one of them checks.</summary>
internal static class RecordingCases
{
    /// <summary>Replies faster than this are not compared by time: there it is the machine that counts.</summary>
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(100);

    private static readonly HashSet<string> Nothing = [];

    /// <summary>Its recorded time includes the wait for the reconfig before it.</summary>
    private static readonly HashSet<string> NotTimed = ["018-priority-0-with-votes-0"];

    public static IEnumerable<TestCaseData> Of(string folder, Func<Recording, bool>? only = null) =>
        Recording.InFolder(folder).Where(recording => only?.Invoke(recording) ?? true)
            .Select(recording => new TestCaseData(recording).SetArgDisplayNames(recording.Name));

    public static void Check(Recording recording, RecordedWorld world, IReadOnlySet<string>? alsoIgnored = null)
    {
        Assert.That(world.Outcomes, Contains.Key(recording.Name), () => "not played\n" + string.Join('\n', world.Trace.TakeLast(40)));
        var (reply, elapsed) = world.Outcomes[recording.Name];
        var differences = RecordingComparison.Differences(recording.Reply, reply, alsoIgnored ?? Nothing);
        Assert.That(differences, Is.Empty, () => string.Join('\n', differences));
        if (NotTimed.Contains(recording.Name))
        {
            return;
        }

        if (recording.Elapsed > Fast)
        {
            var tolerance = TimeSpan.FromMilliseconds(Math.Max(100, recording.Elapsed.Value.TotalMilliseconds * 0.1));
            Assert.That(elapsed, Is.EqualTo(recording.Elapsed.Value).Within(tolerance), "time to the reply");
        }
        else if (recording.Elapsed is not null)
        {
            Assert.That(elapsed, Is.LessThan(Fast), "time to the reply");
        }
    }
}
