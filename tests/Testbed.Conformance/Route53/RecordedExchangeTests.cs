using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Modestano.Testbed.Route53;

namespace Modestano.Testbed.Conformance.Route53;

/// <summary>
/// Sends again what the AWS command line and hand-made clients sent to an emulator of Route 53. The requests are those of the official client; the
/// answers are the emulator's, so that what AWS is known to answer otherwise is named in <see cref="WhatAwsAnswers"/>, and everything else must agree in
/// status, code and elements.
/// </summary>
public sealed class RecordedExchangeTests
{
    private const string Recording = "Route53/Recordings/exchanges.json";

    [Test]
    public async Task The_answers_are_those_of_Route_53()
    {
        await using var server = await EmbeddedRoute53.StartAsync(new Route53Options { RequestsPerSecond = null, ProcessingTime = TimeSpan.Zero });
        using var http = new HttpClient { BaseAddress = server.Endpoint };
        var ours = new Dictionary<string, string>(StringComparer.Ordinal);
        var differences = new List<string>();
        foreach (var exchange in Exchanges())
        {
            var name = (string)exchange["name"]!;
            using var request = Request(exchange, ours);
            using var answer = await http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            var found = body.Length > 0 ? XElement.Parse(body) : null;
            var recorded = exchange["answer"] is { } text ? XElement.Parse((string)text!) : null;
            Learn(recorded, found, ours);
            differences.AddRange(WhatAwsAnswers.Differences(name, (int)exchange["status"]!, recorded, (int)answer.StatusCode, found).Select(d => $"{name}: {d}"));
        }

        Assert.That(differences, Is.Empty, string.Join('\n', differences));
    }

    [Test]
    public void Every_recording_is_replayed_or_listed() => NotReplayed.Of("Route53").Check(
        new Dictionary<string, IReadOnlyList<string>> { ["exchanges"] = [.. Exchanges().Select(e => (string)e["name"]!)] });

    [Test]
    public void What_AWS_answers_otherwise_names_recordings_that_are_there() =>
        Assert.That(WhatAwsAnswers.Names.Except(Exchanges().Select(e => (string)e["name"]!)), Is.Empty);

    private static IEnumerable<JsonObject> Exchanges() => JsonNode.Parse(Resources.Text(Recording))!.AsArray().Select(e => e!.AsObject());

    private static HttpRequestMessage Request(JsonObject exchange, Dictionary<string, string> ours)
    {
        string Ours(string text) => ours.Aggregate(text, (t, id) => t.Replace(id.Key, id.Value, StringComparison.Ordinal));
        var request = new HttpRequestMessage(new HttpMethod((string)exchange["method"]!), new Uri(Ours((string)exchange["path"]!), UriKind.Relative));
        if (exchange["body"] is { } body)
        {
            request.Content = new StringContent(Ours((string)body!), Encoding.UTF8);
        }

        request.Headers.Add("X-Amz-Date", DateTimeOffset.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/route53/aws4_request, SignedHeaders=host;x-amz-date, Signature={new string('0', 64)}");
        return request;
    }

    // The emulator gave other ids to zones, changes and checks.
    private static void Learn(XElement? recorded, XElement? found, Dictionary<string, string> ours)
    {
        if (First(recorded, "Id") is { } theirs && First(found, "Id") is { } mine)
        {
            ours[Last(theirs)] = Last(mine);
        }
    }

    private static string? First(XElement? element, string name) => element?.Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

    private static string Last(string id) => id[(id.LastIndexOf('/') + 1)..];
}
