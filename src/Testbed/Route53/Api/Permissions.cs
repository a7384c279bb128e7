using System.Xml;
using System.Xml.Linq;
using Modestano.Testbed.Iam;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Testbed.Route53.Api;

/// <summary>Asks IAM whether a request is allowed, with the condition keys that the service documents for changes of record sets.</summary>
internal static class Permissions
{
    private const string Prefix = "route53:ChangeResourceRecordSets";

    /// <summary>The account that the request counts for: the principal's, or the key itself where nobody is known.</summary>
    /// <exception cref="Route53RefusalException">The key is not known, or its principal may not do this.</exception>
    public static string Check(IamDirectory? directory, HttpRequest request, string accessKey, string operation, string id, string body)
    {
        if (directory is null)
        {
            return accessKey;
        }

        var token = request.Headers["X-Amz-Security-Token"].ToString();
        var principal = directory.Find(accessKey, token.Length == 0 ? null : token)
            ?? throw new Route53RefusalException(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
        var resource = ResourceOf(operation, id);
        var context = operation == "ChangeResourceRecordSets" ? ContextOf(body) : new Dictionary<string, IReadOnlyList<string>>();
        if (principal.Permissions.Allows(new AccessRequest(principal.Identity, "route53:" + operation, resource, context)))
        {
            return principal.Account;
        }

        var on = resource == "*" ? "" : $" on resource: {resource}";
        throw new Route53RefusalException(403, "AccessDenied",
            $"User: {principal.Arn} is not authorized to perform: route53:{operation}{on} because no identity-based policy allows the route53:{operation} action");
    }

    private static string ResourceOf(string operation, string id) => operation switch
    {
        "GetChange" => $"arn:aws:route53:::change/{id}",
        "GetHealthCheck" or "GetHealthCheckStatus" or "DeleteHealthCheck" => $"arn:aws:route53:::healthcheck/{id}",
        _ when id.Length == 0 => "*",
        _ => $"arn:aws:route53:::hostedzone/{id}",
    };

    /// <summary>Names are in lower case, escaped, without the last dot; types and actions in upper case.</summary>
    private static Dictionary<string, IReadOnlyList<string>> ContextOf(string body)
    {
        try
        {
            var elements = XElement.Parse(body).Descendants().ToList();
            List<string> All(string name, Func<string, string> form) => [.. elements.Where(e => e.Name.LocalName == name).Select(e => form(e.Value)).Distinct()];

            return new()
            {
                [Prefix + "NormalizedRecordNames"] = All("Name", name => DnsName.Normalize(name).TrimEnd('.')),
                [Prefix + "RecordTypes"] = All("Type", type => type.ToUpperInvariant()),
                [Prefix + "Actions"] = All("Action", action => action.ToUpperInvariant()),
            };
        }
        catch (XmlException)
        {
            return [];
        }
    }
}
