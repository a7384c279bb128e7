using System.Globalization;
using System.Text.RegularExpressions;

namespace Modestano.Testbed.Route53.Api;

/// <summary>Looks at a request's SigV4 header: who signed, for what, and when. The signature itself is not recomputed: there are no secrets here.</summary>
internal static partial class Signature
{
    /// <summary>The access key that signed: the account that requests are counted for.</summary>
    /// <exception cref="Route53RefusalException">No signature, one for another service, or a date too far off.</exception>
    public static string Check(HttpRequest request, DateTimeOffset now, TimeSpan? maxSkew)
    {
        var match = Form().Match(request.Headers.Authorization.ToString());
        if (!match.Success)
        {
            throw new Route53RefusalException(403, "MissingAuthenticationToken", "Missing Authentication Token");
        }

        if (match.Groups["service"].Value != "route53")
        {
            throw new Route53RefusalException(403, "SignatureDoesNotMatch", "Credential should be scoped to correct service: 'route53'.");
        }

        const string Stamp = "yyyyMMdd'T'HHmmss'Z'";
        var written = request.Headers["X-Amz-Date"].ToString();
        if (!DateTimeOffset.TryParseExact(written, Stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            throw new Route53RefusalException(403, "IncompleteSignature", $"Date must be in ISO-8601 'basic format'. Got '{written}'.");
        }

        if (maxSkew is { } skew && (now - date).Duration() > skew)
        {
            var (limit, sign, word) = date < now ? (now - skew, "-", "earlier") : (now + skew, "+", "later");
            var bound = limit.ToString(Stamp, CultureInfo.InvariantCulture);
            var clock = now.ToString(Stamp, CultureInfo.InvariantCulture);
            throw new Route53RefusalException(403, "SignatureDoesNotMatch", date < now
                ? $"Signature expired: {written} is now {word} than {bound} ({clock} {sign} {skew.TotalMinutes:0} min.)"
                : $"Signature not yet current: {written} is still {word} than {bound} ({clock} {sign} {skew.TotalMinutes:0} min.)");
        }

        return match.Groups["key"].Value;
    }

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/[0-9]{8}/[a-z0-9-]+/(?<service>[a-z0-9]+)/aws4_request, ?SignedHeaders=[^,]*host[^,]*, ?Signature=[0-9a-f]{64}$")]
    private static partial Regex Form();
}
