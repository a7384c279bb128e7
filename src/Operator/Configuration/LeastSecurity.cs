namespace Modestano.Operator.Configuration;

/// <summary>What every connection to MongoDB must have, whatever a spec says. Its words in the configuration are the names in lower case.</summary>
public enum LeastSecurity
{
    /// <summary>What the spec says.</summary>
    Any,

    /// <summary>TLS.</summary>
    Tls,

    /// <summary>TLS, and a login by SCRAM-SHA-256 or MONGODB-X509.</summary>
    Strong,
}
