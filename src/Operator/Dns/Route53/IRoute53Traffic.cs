namespace Modestano.Operator.Dns.Route53;

/// <summary>Sees every attempt that goes to the service, retries included: for the account's request budget and for metrics.</summary>
public interface IRoute53Traffic
{
    /// <summary>Returns when the attempt may be made.</summary>
    ValueTask BeforeAttemptAsync(string operation, CancellationToken cancellationToken);

    /// <summary>An attempt ended.</summary>
    /// <param name="operation">As <c>ListResourceRecordSets</c>.</param>
    /// <param name="code"><c>OK</c>, the service's error code, or <c>Unreachable</c>.</param>
    void AfterAttempt(string operation, string code);
}
