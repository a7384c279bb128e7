using System.Collections.Concurrent;

namespace Modestano.Testbed.KubeApi.Faults;

/// <summary>Counts requests, so that a test can say how many a piece of work costs.</summary>
public sealed class RequestLog
{
    private readonly ConcurrentDictionary<(string Verb, string Group, string Resource, string User), long> counts = new();

    private readonly ConcurrentQueue<KubeRequest> refused = new();

    private readonly ConcurrentQueue<Exception> unexpected = new();

    /// <summary>Failures of the server itself, which it answered with 500. A test that wants to be sure asserts that there are none.</summary>
    public IReadOnlyCollection<Exception> UnexpectedErrors => unexpected;

    internal void Unexpected(Exception error) => unexpected.Enqueue(error);

    internal void Count(KubeRequest request)
    {
        var resource = request.Subresource.Length == 0 ? request.Resource : $"{request.Resource}/{request.Subresource}";
        counts.AddOrUpdate((request.Verb, request.Group, resource, request.User), 1, (_, n) => n + 1);
    }

    /// <summary>Requests that the roles did not allow, answered with 403.</summary>
    public IReadOnlyCollection<KubeRequest> Refused => refused;

    internal void Refuse(KubeRequest request) => refused.Enqueue(request);

    /// <summary>What a user did with resources, refused requests included: verb, group, and plural with <c>/status</c> for a subresource.</summary>
    public IReadOnlySet<(string Verb, string Group, string Resource)> Used(string user) => counts.Keys
        .Where(c => c.User == user && c.Resource.Length > 0)
        .Select(c => (c.Verb, c.Group, c.Resource))
        .ToHashSet();

    /// <summary>Requests since the start or the last <see cref="Reset"/>.</summary>
    /// <param name="verb">get, list, watch, create, update, patch, delete or deletecollection; null for all.</param>
    /// <param name="resource">The plural, with <c>/status</c> for a subresource; null for all; empty for discovery and health.</param>
    /// <param name="user">The user name; null for all.</param>
    public long Total(string? verb = null, string? resource = null, string? user = null) => counts
        .Where(c => (verb is null || c.Key.Verb == verb) && (resource is null || c.Key.Resource == resource) && (user is null || c.Key.User == user))
        .Sum(c => c.Value);

    /// <summary>Starts counting anew.</summary>
    public void Reset() => counts.Clear();
}
