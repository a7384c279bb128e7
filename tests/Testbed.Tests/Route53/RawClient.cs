using System.Net;
using System.Text;
using System.Xml.Linq;
using Modestano.Testbed.Route53;

namespace Modestano.Testbed.Tests.Route53;

/// <summary>Sends requests as they are written; answers are read no further than needed.</summary>
internal sealed class RawClient(EmbeddedRoute53 server) : IDisposable
{
    public const string Namespace = "https://route53.amazonaws.com/doc/2013-04-01/";

    private readonly HttpClient _http = new() { BaseAddress = server.Endpoint };

    public Task<RawAnswer> ChangeAsync(string zone, params string[] changes) => PostAsync(
        $"/2013-04-01/hostedzone/{zone}/rrset/",
        $"<ChangeResourceRecordSetsRequest xmlns=\"{Namespace}\"><ChangeBatch><Changes>{string.Concat(changes)}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>");

    public Task<RawAnswer> PostAsync(string path, string body) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8) });

    public Task<RawAnswer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public async Task<RawAnswer> SendAsync(HttpRequestMessage request, bool signed = true, DateTimeOffset? date = null, string key = "AKIDEXAMPLE")
    {
        if (signed)
        {
            request.Headers.Add("X-Amz-Date", (date ?? DateTimeOffset.UtcNow).ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture));
            request.Headers.TryAddWithoutValidation("Authorization",
                $"AWS4-HMAC-SHA256 Credential={key}/20261123/us-east-1/route53/aws4_request, SignedHeaders=host;x-amz-date, Signature={new string('0', 64)}");
        }

        using (request)
        using (var answer = await _http.SendAsync(request))
        {
            return new RawAnswer(answer.StatusCode, XElement.Parse(await answer.Content.ReadAsStringAsync()));
        }
    }

    public void Dispose() => _http.Dispose();

    public static string Change(string action, string name, string type = "A", string? id = null, int? weight = null, int? ttl = 60, string? value = "192.0.2.1", string extra = "") =>
        $"<Change><Action>{action}</Action><ResourceRecordSet><Name>{name}</Name><Type>{type}</Type>"
        + (id is null ? "" : $"<SetIdentifier>{id}</SetIdentifier>")
        + (weight is null ? "" : $"<Weight>{weight}</Weight>")
        + (ttl is null ? "" : $"<TTL>{ttl}</TTL>")
        + (value is null ? "" : $"<ResourceRecords><ResourceRecord><Value>{value}</Value></ResourceRecord></ResourceRecords>")
        + extra + "</ResourceRecordSet></Change>";
}

internal sealed record RawAnswer(HttpStatusCode Status, XElement Body)
{
    public string? this[string name] => Body.Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

    public string[] All(string name) => [.. Body.Descendants().Where(e => e.Name.LocalName == name).Select(e => e.Value)];
}
