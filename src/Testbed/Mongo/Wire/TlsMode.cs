namespace Modestano.Testbed.Mongo.Wire;

/// <summary>Whether a member's port speaks TLS (<c>net.tls.mode</c>).</summary>
public enum TlsMode
{
    /// <summary>Plain TCP only.</summary>
    Disabled,

    /// <summary>TLS only (<c>requireTLS</c>).</summary>
    Required,
}
