using System.Buffers.Text;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Modestano.Testbed.Iam;

/// <summary>
/// AWS STS on loopback, over the query protocol that every official client speaks (<c>AWS_ENDPOINT_URL_STS</c>): AssumeRole,
/// AssumeRoleWithWebIdentity and GetCallerIdentity, with the trust policies of a directory.
/// </summary>
public sealed partial class EmbeddedSts : IAsyncDisposable
{
    private static readonly XNamespace Namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    private readonly IamDirectory _directory;
    private readonly WebApplication _web;
    private readonly Lock _gate = new();
    private readonly List<StsRequest> _requests = [];

    private EmbeddedSts(IamDirectory directory)
    {
        _directory = directory;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        _web = builder.Build();
        _web.Run(ServeAsync);
    }

    /// <summary>Where it is.</summary>
    public Uri Endpoint => new(_web.Urls.Single());

    /// <summary>How long the sessions that it opens are good for.</summary>
    public TimeSpan SessionLength { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Every request so far, oldest first.</summary>
    public IReadOnlyList<StsRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Starts it.</summary>
    public static async Task<EmbeddedSts> StartAsync(IamDirectory directory)
    {
        var server = new EmbeddedSts(directory);
        await server._web.StartAsync();
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync(new CancellationToken(canceled: true));
        await _web.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var form = (await context.Request.ReadFormAsync()).ToDictionary(f => f.Key, f => f.Value.ToString());
        var action = form.GetValueOrDefault("Action", "");
        XElement answer;
        var code = "OK";
        try
        {
            answer = new XElement(
                Namespace + (action + "Response"),
                new XElement(Namespace + (action + "Result"), action switch
                {
                    "AssumeRole" => AssumeRole(context.Request, form),
                    "AssumeRoleWithWebIdentity" => AssumeRoleWithWebIdentity(form),
                    "GetCallerIdentity" => [Text("Arn", Caller(context.Request).Arn), Text("Account", Caller(context.Request).Account)],
                    _ => throw new StsRefusalException(400, "InvalidAction", $"Could not find operation {action} for version 2011-06-15"),
                }),
                new XElement(Namespace + "ResponseMetadata", Text("RequestId", Guid.NewGuid().ToString())));
        }
        catch (StsRefusalException refusal)
        {
            (code, context.Response.StatusCode) = (refusal.Code, refusal.Status);
            answer = new XElement(
                Namespace + "ErrorResponse",
                new XElement(Namespace + "Error", Text("Type", "Sender"), Text("Code", refusal.Code), Text("Message", refusal.Message)),
                Text("RequestId", Guid.NewGuid().ToString()));
        }

        lock (_gate)
        {
            _requests.Add(new StsRequest(action, form, code));
        }

        context.Response.ContentType = "text/xml";
        await context.Response.WriteAsync(answer.ToString(SaveOptions.DisableFormatting));
    }

    private XElement[] AssumeRole(HttpRequest request, Dictionary<string, string> form)
    {
        var caller = Caller(request);
        IReadOnlyList<string> externalId = form.TryGetValue("ExternalId", out var id) ? [id] : [];
        var asked = new AccessRequest(caller.Identity, "sts:AssumeRole", form["RoleArn"], new Dictionary<string, IReadOnlyList<string>> { ["sts:ExternalId"] = externalId });
        return _directory.FindRole(form["RoleArn"]) is { } role && caller.Permissions.Allows(asked) && role.Trust.Allows(asked)
            ? Session(role, form["RoleSessionName"])
            : throw new StsRefusalException(403, "AccessDenied", $"User: {caller.Arn} is not authorized to perform: sts:AssumeRole on resource: {form["RoleArn"]}");
    }

    private XElement[] AssumeRoleWithWebIdentity(Dictionary<string, string> form)
    {
        var token = form["WebIdentityToken"].Split('.');
        if (token.Length != 3 || _directory.FindRole(form["RoleArn"]) is not { } role)
        {
            throw new StsRefusalException(400, "InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
        }

        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token[1]));
        string Claim(string name) => claims.RootElement.GetProperty(name) is { ValueKind: JsonValueKind.Array } several ? several[0].GetString()! : claims.RootElement.GetProperty(name).GetString()!;
        var issuer = Claim("iss").Replace("https://", "", StringComparison.Ordinal);
        var asked = new AccessRequest($"arn:aws:iam::{role.Arn.Split(':')[4]}:oidc-provider/{issuer}", "sts:AssumeRoleWithWebIdentity", role.Arn, new Dictionary<string, IReadOnlyList<string>>
        {
            [issuer + ":sub"] = [Claim("sub")],
            [issuer + ":aud"] = [Claim("aud")],
        });
        return role.Trust.Allows(asked)
            ? [.. Session(role, form["RoleSessionName"]), Text("SubjectFromWebIdentityToken", Claim("sub")), Text("Audience", Claim("aud")), Text("Provider", asked.Principal)]
            : throw new StsRefusalException(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    }

    private XElement[] Session(IamRole role, string sessionName)
    {
        var (key, token, arn) = _directory.Open(role, sessionName);
        return
        [
            new XElement(Namespace + "AssumedRoleUser", Text("AssumedRoleId", "AROAEXAMPLE:" + sessionName), Text("Arn", arn)),
            new XElement(
                Namespace + "Credentials",
                Text("AccessKeyId", key),
                Text("SecretAccessKey", "a-secret-of-" + key),
                Text("SessionToken", token),
                Text("Expiration", (DateTimeOffset.UtcNow + SessionLength).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture))),
        ];
    }

    private IamPrincipal Caller(HttpRequest request)
    {
        var key = Credential().Match(request.Headers.Authorization.ToString());
        var token = request.Headers["X-Amz-Security-Token"].ToString();
        return key.Success && _directory.Find(key.Groups["key"].Value, token.Length == 0 ? null : token) is { } caller
            ? caller
            : throw new StsRefusalException(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
    }

    private static XElement Text(string name, string value) => new(Namespace + name, value);

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/[0-9]{8}/[a-z0-9-]+/sts/aws4_request")]
    private static partial Regex Credential();

    private sealed class StsRefusalException(int status, string code, string message) : Exception(message)
    {
        public int Status { get; } = status;

        public string Code { get; } = code;
    }
}

/// <summary>One request to STS.</summary>
/// <param name="Action">As <c>AssumeRole</c>.</param>
/// <param name="Parameters">As sent.</param>
/// <param name="Code"><c>OK</c>, or the error's code.</param>
public sealed record StsRequest(string Action, IReadOnlyDictionary<string, string> Parameters, string Code);
