using System.Net.Sockets;
using System.Security.Authentication;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>Why a call of ours got no answer, in words; nothing of what the other side sent is in them.</summary>
internal static class CallFailure
{
    /// <summary>The words.</summary>
    public static string Words(Exception failure) => failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name does not resolve",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } http => Tls(http),
        HttpRequestException { InnerException: SocketException socket } => Socket(socket),
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } or HttpIOException => "the connection ended before the answer did",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => "the answer is no HTTP",
        HttpRequestException http => $"the call failed ({http.HttpRequestError})",
        SocketException socket => Socket(socket),
        FileNotFoundException or DirectoryNotFoundException => "the bearer token's file of the grant (bearerTokenFile) does not exist",
        UnauthorizedAccessException => "the bearer token's file of the grant (bearerTokenFile) may not be read",
        UriFormatException => "its address cannot be made into a URL",
        IOException => "the connection ended before the answer did",
        _ => $"it could not be evaluated ({failure.GetType().Name})",
    };

    private static string Socket(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "the connection is refused: nobody listens there",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "its name does not resolve",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "there is no route to it",
        SocketError.TimedOut => "the connection is not answered",
        SocketError.ConnectionReset => "the connection is reset",
        _ => $"no connection ({e.SocketErrorCode})",
    };

    // .NET names the faults of a certificate in the message alone.
    private static string Tls(HttpRequestException e)
    {
        var text = (e.InnerException as AuthenticationException)?.Message ?? "";
        bool Says(string word) => text.Contains(word, StringComparison.Ordinal);
        return Says("NotTimeValid") ? "TLS fails: its certificate has expired, or is not valid yet"
            : Says("NameMismatch") ? "TLS fails: its certificate is for another name"
            : Says("UntrustedRoot") || Says("PartialChain") ? "TLS fails: its certificate is not signed by anybody whom the operator trusts"
            : Says("Revoked") ? "TLS fails: its certificate is revoked"
            : "TLS fails: it does not agree on a connection, or does not speak TLS";
    }
}
