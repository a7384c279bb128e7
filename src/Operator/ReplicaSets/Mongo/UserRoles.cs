namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>The roles of the operator's own user, as the server tells them of the connection (<c>connectionStatus</c>, which needs none).</summary>
internal sealed class UserRoles(IMemberCalls calls, ReplicaSetTarget target, string host, TimeSpan timeout)
{
    /// <summary>The names of the roles; null: there is no login, or the member did not tell.</summary>
    public async Task<IReadOnlyList<string>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (target.Connection.Mechanism is null)
        {
            return null;
        }

        try
        {
            var (status, _) = await calls.RunAsync(target, host, MemberCommands.Admin, MemberCommands.ConnectionStatus, timeout, cancellationToken);
            var told = status.Doc("authInfo");
            return told.Docs("authenticatedUsers").Any() ? [.. told.Docs("authenticatedUserRoles").Select(r => r.Text("role")).OfType<string>().Take(50)] : null;
        }
        catch (MongoCallException)
        {
            // A row in status, not more: it says Unknown by being absent.
            return null;
        }
    }
}
