namespace Modestano.Testbed.Route53;

/// <summary>The service refuses a request.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">The service's code, as <c>InvalidChangeBatch</c>.</param>
/// <param name="message">The service's text.</param>
public sealed class Route53RefusalException(int status, string code, string message) : Exception(message)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The service's code.</summary>
    public string Code { get; } = code;
}
