namespace Modestano.Operator.Dns.Route53;

/// <summary>
/// A change batch was sent and no usable answer came: it may have been applied. It is not sent again by itself, because the second one
/// would be refused as "do not match the current values" and look as if it had never been applied.
/// </summary>
/// <remarks>The cause is told in words and is no inner exception: the SDK looks for connection errors there, and would retry.</remarks>
public sealed class ChangeOutcomeUnknownException(string cause) : Exception($"no answer to a change batch, which may have been applied: {cause}");
