namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>Why a call to a member failed.</summary>
public enum MongoFailureKind
{
    /// <summary>Nothing answered: refused, unknown name, no route, connection lost.</summary>
    Unreachable,

    /// <summary>The call's deadline passed. Whether the server did anything is unknown.</summary>
    TimedOut,

    /// <summary>The TLS handshake failed, or one side speaks TLS and the other does not.</summary>
    TlsFailed,

    /// <summary>The server refused the credentials (18), or knows no user for the certificate (11).</summary>
    AuthenticationFailed,

    /// <summary>The member says that it is an arbiter: it has no users, so no login was tried and nothing was sent.</summary>
    ArbiterHasNoUsers,

    /// <summary>The user may not run the command (13).</summary>
    NotAuthorized,

    /// <summary>The member is not, or no longer, the primary (10107, 13435, 11602, 189).</summary>
    NotPrimary,

    /// <summary>The operator's grants do not name this host for the object's namespace; nothing was sent.</summary>
    NotGranted,

    /// <summary>The SOCKS5 proxy of the operator's configuration did not get through.</summary>
    ProxyFailed,

    /// <summary>The server answered with an error of its own; the code tells which.</summary>
    CommandFailed,
}

/// <summary>A failed call to a member, fit for status and logs: nothing of the command is echoed.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Code">MongoDB's error code; 0 where no server answered.</param>
/// <param name="CodeName">MongoDB's name of the code, as <c>NotYetInitialized</c>; empty where no server answered.</param>
/// <param name="Message">The redacted message.</param>
public sealed record MongoFailure(MongoFailureKind Kind, int Code, string CodeName, string Message)
{
    /// <summary>An arbiter holds no data, and so no users (recorded: the set's own user is refused with 18); its <c>hello</c> needs no login.</summary>
    internal static MongoFailure Arbiter { get; } = new(MongoFailureKind.ArbiterHasNoUsers, 0, "", "an arbiter has no users: only its hello is read");

    /// <inheritdoc/>
    public override string ToString() => Code == 0 ? $"{Kind}: {Message}" : $"{CodeName} ({Code}): {Message}";
}

/// <summary>A call to a member failed.</summary>
public sealed class MongoCallException(string host, string command, MongoFailure failure)
    : Exception($"{command} on {host}: {failure}")
{
    /// <summary>The member that was called.</summary>
    public string Host { get; } = host;

    /// <summary>Why it failed.</summary>
    public MongoFailure Failure { get; } = failure;
}
