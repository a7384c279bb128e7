namespace Modestano.Operator.Tests.Dns.Route53;

/// <summary>Requests equal those that the official tools were recorded to send.</summary>
public sealed class RequestTests
{
    /// <summary>
    /// What the official tool sent for the operations of this client. Recordings from 70 to 89 were made by hand, with mistakes on purpose; in
    /// 50 the tool wrote elements in the order of its input, and the service asks for that of its model.
    /// </summary>
    private static IEnumerable<TestCaseData> Recorded() => RecordedExchange.Names
        .Where(name => int.Parse(name[..2], provider: null) is (< 70 or >= 90) and not 50 && RecordedCall.Of(RecordedExchange.Read(name)) is not null)
        .Select(name => new TestCaseData(name).SetArgDisplayNames(name));

    [TestCaseSource(nameof(Recorded))]
    public async Task A_request_is_the_one_that_the_official_tool_sent(string name)
    {
        var recorded = RecordedExchange.Read(name);
        using var service = new ScriptedService().Answer(recorded.Status, recorded.ResponseBody, recorded.ContentType);
        using var client = service.Client();

        // Whether the answer was a refusal does not matter here.
        await Refusal.OfAsync(() => RecordedCall.Of(recorded)!(client));

        Assert.That(service.Requests, Has.Count.EqualTo(1));
        var sent = service.Requests[0];
        Assert.That((sent.Method, sent.Uri.AbsolutePath), Is.EqualTo((recorded.Method, recorded.Target.Split('?')[0])));
        Assert.That(Query(sent.Uri.Query), Is.EquivalentTo(Query(recorded.Target.Contains('?') ? recorded.Target[recorded.Target.IndexOf('?')..] : "")));
        Assert.That(sent.Body, Is.EqualTo(recorded.RequestBody), "byte for byte");
    }

    [Test]
    public void Every_recording_of_an_operation_of_this_client_is_looked_at() => Assert.That(
        RecordedExchange.Names.Select(RecordedExchange.Read).Where(r => RecordedCall.Of(r) is null).Select(r => $"{r.Method} {r.Target.Split('/')[2].Split('?')[0]}").Distinct(),
        Is.EquivalentTo(new[] { "POST hostedzone", "GET hostedzone", "DELETE hostedzone", "POST healthcheck", "GET healthcheck", "DELETE healthcheck", "GET nosuchthing" }),
        "zones and health checks are made, listed and deleted by others");

    private static string[] Query(string query) => query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries);
}
