namespace Modestano.Testbed.KubeApi.Authorization;

/// <summary>Who makes a request.</summary>
/// <param name="Name">The user name, such as <c>system:serviceaccount:ns:name</c>.</param>
/// <param name="Groups">Groups that bindings may name.</param>
public sealed record KubeUser(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>A request without credentials.</summary>
    public static readonly KubeUser Anonymous = new("system:anonymous", ["system:unauthenticated"]);

    /// <summary>Members of this group may do everything.</summary>
    public const string Masters = "system:masters";

    /// <summary>The user as which a service account's token authenticates.</summary>
    public static KubeUser ServiceAccount(string ns, string name) =>
        new($"system:serviceaccount:{ns}:{name}", ["system:serviceaccounts", $"system:serviceaccounts:{ns}", "system:authenticated"]);
}
