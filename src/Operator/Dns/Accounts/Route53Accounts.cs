using System.Collections.Concurrent;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Route53.Transport;

namespace Modestano.Operator.Dns.Accounts;

/// <summary>Clients by grant: one for each role and endpoint, and one request budget for each account.</summary>
public interface IRoute53Accounts
{
    /// <summary>The client of a grant. Kept; do not dispose.</summary>
    /// <param name="grant">The provider.</param>
    /// <param name="forNamespace">The namespace that uses it: part of the external id.</param>
    Route53Account Get(ProviderGrant grant, string forNamespace);
}

/// <summary>A client, and what serialises batches in its account.</summary>
/// <param name="Client">The client.</param>
/// <param name="Key">The same for all grants on one account.</param>
/// <param name="ExternalId">What the operator names itself with where it assumes a role: the role's trust policy has to name it; null: no role.</param>
public sealed record Route53Account(IAmazonRoute53 Client, string Key, string? ExternalId = null);

/// <summary>Makes clients on the SDK's default credential chain, assuming the grant's role where it names one.</summary>
internal sealed class Route53Accounts(IInstallation installation, Grants grants, RequestMetrics metrics, TimeProvider time) : IRoute53Accounts, IDisposable
{
    private const string SessionName = "modestano-operator";

    private readonly ConcurrentDictionary<(string? Role, string? ExternalId, Uri? Endpoint), Lazy<Route53Account>> _accounts = new();
    private readonly ConcurrentDictionary<string, RequestBudget> _budgets = new();

    public Route53Account Get(ProviderGrant grant, string forNamespace)
    {
        // The external id is made here, never taken from a manifest: it proves to the other account which namespace asks (confused deputy).
        var externalId = grant.RoleArn is null ? null : ExternalId(installation.Identity, forNamespace, grant);
        return _accounts.GetOrAdd((grant.RoleArn, externalId, grant.Endpoint), _ => new Lazy<Route53Account>(() => Make(grant, forNamespace))).Value;
    }

    public void Dispose()
    {
        foreach (var account in _accounts.Values.Where(account => account.IsValueCreated))
        {
            account.Value.Client.Dispose();
        }
    }

    private static string ExternalId(string instance, string forNamespace, ProviderGrant grant) => $"{instance}/{forNamespace}/{grant.Name}";

    private Route53Account Make(ProviderGrant grant, string forNamespace)
    {
        var account = $"{grant.Endpoint}|{AccountOf(grant.RoleArn) ?? "own credentials"}";
        var config = new AmazonRoute53Config { Traffic = _budgets.GetOrAdd(account, _ => new RequestBudget(grant.RequestsPerSecond, time, metrics)) };
        if (grant.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
        }

        if (grant.RoleArn is not { } role)
        {
            return new Route53Account(new AmazonRoute53Client(config), account);
        }

        var own = DefaultAWSCredentialsIdentityResolver.GetCredentials();
        var ids = grants.PreviousInstanceIds.Prepend(installation.Identity).Select(id => ExternalId(id, forNamespace, grant)).ToList();
        var credentials = new AssumedRole([.. ids.Select(id => new AssumeRoleAWSCredentials(own, role, SessionName, new AssumeRoleAWSCredentialsOptions { ExternalId = id }))]);
        return new Route53Account(new AmazonRoute53Client(credentials, config), account, ids[0]);
    }

    /// <summary>The twelve digits in <c>arn:aws:iam::123456789012:role/name</c>.</summary>
    private static string? AccountOf(string? roleArn) => roleArn?.Split(':') is [_, _, _, _, { Length: > 0 } account, ..] ? account : null;
}
