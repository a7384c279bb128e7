using System.Collections.Concurrent;
using Modestano.Testbed.KubeApi.Http;

namespace Modestano.Testbed.KubeApi.Authorization;

/// <summary>Finds the user of a bearer token.</summary>
internal sealed class Authenticator
{
    private const string Scheme = "Bearer ";

    private readonly ConcurrentDictionary<string, KubeUser> users = new(StringComparer.Ordinal);

    public void Add(string token, KubeUser user) => users[token] = user;

    public bool Remove(string token) => users.TryRemove(token, out _);

    /// <summary>The user of a token; null where it is not known.</summary>
    public KubeUser? Find(string token) => users.GetValueOrDefault(token);

    /// <exception cref="ApiException">401 where the token is not known.</exception>
    public KubeUser Authenticate(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return KubeUser.Anonymous;
        }

        return Find(header[Scheme.Length..].Trim()) ?? throw ApiErrors.Unauthorized();
    }
}
