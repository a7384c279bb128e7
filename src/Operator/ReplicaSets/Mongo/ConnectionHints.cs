namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>What the operator's own side of a connection has to do with its failure. Never says what a secret is, only that it looks wrong.</summary>
internal static class ConnectionHints
{
    /// <summary>The failure with what a look at the connection adds to it.</summary>
    public static MongoFailure? Explain(this MongoFailure? failure, ReplicaSetConnection connection, DateTimeOffset now) => failure?.Kind switch
    {
        MongoFailureKind.TlsFailed when CertificateWords.OwnOutOfTime(connection.ClientCertificate, now) is { } words => failure with { Message = $"{failure.Message}; {words}" },
        MongoFailureKind.AuthenticationFailed when Hint(connection, now) is { } words => failure with { Message = $"{failure.Message}; {words}" },
        _ => failure,
    };

    private static string? Hint(ReplicaSetConnection connection, DateTimeOffset now)
    {
        if (connection.Mechanism == "MONGODB-X509")
        {
            return CertificateWords.OwnOutOfTime(connection.ClientCertificate, now);
        }

        var odd = (EndsInNewline(connection.UserName), EndsInNewline(connection.Password)) switch
        {
            (true, true) => "username and password",
            (true, false) => "username",
            (false, true) => "password",
            _ => null,
        };
        return odd is null ? null : $"{odd} in the Secret of credentialsSecretRef {(odd.Contains(' ', StringComparison.Ordinal) ? "end" : "ends")} in a newline: make it with printf, or with kubectl create secret --from-literal, not with echo";
    }

    private static bool EndsInNewline(string? text) => text is { Length: > 0 } && (text[^1] is '\n' or '\r');
}
