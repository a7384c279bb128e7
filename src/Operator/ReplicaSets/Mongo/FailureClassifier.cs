using System.Net.Sockets;
using System.Security.Authentication;
using Modestano.Operator.ReplicaSets.Mongo.Wire;
using MongoDB.Driver;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// Tells the driver's exceptions apart. TLS errors and refused ports reach a caller only as a time-out of the server selection, the
/// cause is in the monitor's <c>HeartbeatException</c>; the server's own errors carry a code.
/// </summary>
public static class FailureClassifier
{
    private const string ProxyAnswer = "SOCKS5 connect failed.";

    /// <summary>What an exception of a call means.</summary>
    /// <param name="exception">What the call threw.</param>
    /// <param name="heartbeat">The monitor's latest exception for this member; null where it has none.</param>
    /// <param name="usesTls">Whether this side speaks TLS.</param>
    /// <param name="loggedIn">Whether this side has logged in.</param>
    public static MongoFailure Classify(Exception exception, Exception? heartbeat, bool usesTls, bool loggedIn)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var chain = Chain(exception).ToList();
        if (chain.OfType<ScramRoundsException>().FirstOrDefault() is { } rounds)
        {
            return new(MongoFailureKind.AuthenticationFailed, 0, "", rounds.Message);
        }

        if (chain.OfType<MongoAuthenticationException>().FirstOrDefault() is { } refused)
        {
            return FromLogin(refused);
        }

        if (chain.OfType<MongoCommandException>().FirstOrDefault() is { } command)
        {
            var failure = FromCommand(command.Code, command.CodeName ?? "", command.ErrorMessage ?? command.Message);
            return loggedIn && IsNobody(failure) ? failure with { Kind = MongoFailureKind.AuthenticationFailed, Message = "the server no longer has the user that the operator is logged in as" } : failure;
        }

        // A server selection that timed out says nothing by itself: the monitor knows why.
        var cause = exception is TimeoutException && heartbeat is not null ? Chain(heartbeat).ToList() : chain;
        return FromTransport(cause, usesTls);
    }

    /// <summary>What a server's error reply means.</summary>
    public static MongoFailure FromCommand(int code, string codeName, string message)
    {
        var kind = code switch
        {
            MongoErrorCodes.Unauthorized => MongoFailureKind.NotAuthorized,
            MongoErrorCodes.AuthenticationFailed => MongoFailureKind.AuthenticationFailed,
            _ when MongoErrorCodes.MeansNotPrimary(code) => MongoFailureKind.NotPrimary,
            _ => MongoFailureKind.CommandFailed,
        };
        return new(kind, code, codeName, Redaction.Apply(message));
    }

    // What the server says to a connection on which nobody is logged in; a user without the roles is 'not authorized' instead.
    private static bool IsNobody(MongoFailure failure) =>
        failure.Code == MongoErrorCodes.Unauthorized && failure.Message.EndsWith("requires authentication", StringComparison.Ordinal);

    private static MongoFailure FromLogin(MongoAuthenticationException refused)
    {
        var command = Chain(refused).OfType<MongoCommandException>().FirstOrDefault();
        return command is null
            ? new(MongoFailureKind.AuthenticationFailed, 0, "", "the login could not be completed: check the mechanism")
            : command.Code == MongoErrorCodes.UserNotFound
                ? new(MongoFailureKind.AuthenticationFailed, command.Code, command.CodeName ?? "UserNotFound", "no user on the server has the subject of the operator's certificate")
                : new(MongoFailureKind.AuthenticationFailed, command.Code, command.CodeName ?? "AuthenticationFailed", "the server refused user or password");
    }

    private static MongoFailure FromTransport(List<Exception> cause, bool usesTls)
    {
        if (cause.OfType<HostNotGrantedException>().FirstOrDefault() is { } refused)
        {
            return new(MongoFailureKind.NotGranted, 0, "", refused.Message);
        }

        if (usesTls && TlsAlerts.Words(cause) is { } alert)
        {
            return new(MongoFailureKind.TlsFailed, 0, "", alert);
        }

        // The outer one only says that there is an inner one.
        if (cause.OfType<AuthenticationException>().LastOrDefault() is { } tls)
        {
            return new(MongoFailureKind.TlsFailed, 0, "", Redaction.Apply(tls.Message));
        }

        var root = cause[^1];
        if (root.Message.StartsWith(ProxyAnswer, StringComparison.Ordinal))
        {
            // The proxy itself was reached; it did not get through to the member.
            return new(MongoFailureKind.Unreachable, 0, "", Redaction.Apply($"the SOCKS5 proxy says: {root.Message[ProxyAnswer.Length..].Trim()}"));
        }

        if (cause.Any(e => e.GetType().Name.Contains("Proxy", StringComparison.Ordinal) || e.Message.Contains("SOCKS", StringComparison.OrdinalIgnoreCase)))
        {
            return new(MongoFailureKind.ProxyFailed, 0, "", Redaction.Apply(root.Message));
        }

        if (cause.OfType<ReplyRefusedException>().FirstOrDefault() is { } hostile)
        {
            return new(MongoFailureKind.Unreachable, 0, "", $"{hostile.Message}: this may be no mongod, or one that is not to be trusted");
        }

        if (cause.OfType<SocketException>().FirstOrDefault() is { } socket)
        {
            return new(MongoFailureKind.Unreachable, 0, "", socket.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "connection refused",
                SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => "the name cannot be resolved",
                SocketError.TimedOut => "the connection could not be made in time",
                var code => $"network error {code}",
            });
        }

        if (root is EndOfStreamException)
        {
            return usesTls
                ? new(MongoFailureKind.TlsFailed, 0, "", "the member closed the connection: it may ask for a client certificate")
                : new(MongoFailureKind.Unreachable, 0, "", "the member closed the connection: it may speak TLS only");
        }

        if (usesTls && root is IOException && root.Message.Contains("EOF", StringComparison.Ordinal))
        {
            return new(MongoFailureKind.TlsFailed, 0, "", "the member does not speak TLS");
        }

        return root is OperationCanceledException or TimeoutException
            ? new(MongoFailureKind.TimedOut, 0, "", "no answer before the deadline")
            : new(MongoFailureKind.Unreachable, 0, "", Redaction.Apply(root.Message));
    }

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }
}
