using Amazon.Runtime;
using Modestano.Operator.Dns.Route53;

namespace Modestano.Operator.Dns.Accounts;

/// <summary>
/// A role that is assumed under the first external id that its trust policy takes: the installation's own, then those of its former names, so that
/// a trust policy may be changed after the operator.
/// </summary>
internal sealed class AssumedRole(IReadOnlyList<AWSCredentials> byExternalId) : AWSCredentials
{
    private int _works;

    public override ImmutableCredentials GetCredentials() => GetCredentialsAsync().GetAwaiter().GetResult();

    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        for (var at = Volatile.Read(ref _works); ; at++)
        {
            try
            {
                var found = await byExternalId[at].GetCredentialsAsync();
                Volatile.Write(ref _works, at);
                return found;
            }
            catch (Exception e) when (at < byExternalId.Count - 1 && Route53Failure.Of(e) is { Kind: Route53FailureKind.AccessDenied })
            {
                // The next of its names.
            }
            catch
            {
                // A role whose trust changed meanwhile is tried from the start.
                Volatile.Write(ref _works, 0);
                throw;
            }
        }
    }
}
