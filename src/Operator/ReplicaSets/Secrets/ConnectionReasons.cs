namespace Modestano.Operator.ReplicaSets.Secrets;

/// <summary>Why no connection can be made from a spec: reasons of the condition Stalled.</summary>
public static class ConnectionReasons
{
    public const string SecretNotFound = "SecretNotFound";
    public const string SecretTypeNotAllowed = "SecretTypeNotAllowed";
    public const string SecretKeyMissing = "SecretKeyMissing";
    public const string SecretValueNotUsable = "SecretValueNotUsable";
    public const string CertificateNotReadable = "CertificateNotReadable";
    public const string BelowLeastSecurity = "BelowLeastSecurity";
    public const string NotGranted = "NotGranted";
}

/// <summary>No connection can be made until a person changes a Secret or the spec.</summary>
/// <param name="reason">One of <see cref="ConnectionReasons"/>.</param>
/// <param name="message">What to do; names Secrets and keys, never values.</param>
public sealed class ConnectionRefusedException(string reason, string message) : Exception(message)
{
    /// <summary>One of <see cref="ConnectionReasons"/>.</summary>
    public string Reason { get; } = reason;
}
