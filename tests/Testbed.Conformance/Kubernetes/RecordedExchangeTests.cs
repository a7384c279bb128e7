namespace Modestano.Testbed.Conformance.Kubernetes;

/// <summary>
/// Sends again what kubectl 1.32, KubernetesClient 21 and raw clients once sent to a real API server (version 1.24), and compares the answers.
/// What may differ is in <see cref="MayDiffer"/>, what is not sent in <c>not-replayed.tsv</c>, each with its reason.
/// </summary>
public sealed class RecordedExchangeTests
{
    private const string Folder = "Kubernetes/Recordings/";

    private static IEnumerable<string> Topics => Resources.Names(Folder).Select(n => Path.GetFileNameWithoutExtension(n[Folder.Length..]));

    [TestCaseSource(nameof(Topics))]
    public async Task The_answers_are_those_of_a_real_server(string topic)
    {
        var differences = await Replay.RunAsync(topic);
        Assert.That(differences, Is.Empty, string.Join("\n", differences));
    }

    [Test]
    public void Every_recording_is_replayed_or_listed() => NotReplayed.Of("Kubernetes").Check(Topics.ToDictionary(
        t => t, t => (IReadOnlyList<string>)[.. RecordedExchange.Of(t).Where(e => e.Id is not null).Select(e => e.Id!)]));
}
