namespace Modestano.Operator.ReplicaSets.Observation;

/// <summary>
/// Keeps since when each member has been steady. A pure fold: the shell holds the tracker of the pass before and hands in each new
/// observation. A restart begins the windows anew, which is safe.
/// </summary>
public sealed record StabilityTracker
{
    /// <summary>Nobody is steady yet.</summary>
    public static StabilityTracker Empty { get; } = new();

    /// <summary>Host to the beginning of its unbroken steadiness.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Since { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>Folds an observation in: the tracker for the next pass, and the observation with <see cref="ObservedMember.SteadySince"/> filled in.</summary>
    /// <param name="observed">The observation; its SteadySince values are ignored.</param>
    /// <param name="maxLag">A member further behind is not steady.</param>
    public (StabilityTracker Tracker, ObservedReplicaSet Observed) Fold(ObservedReplicaSet observed, TimeSpan maxLag)
    {
        var since = new SortedDictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var members = new SortedDictionary<string, ObservedMember>(StringComparer.Ordinal);
        foreach (var (host, member) in observed.Members)
        {
            DateTimeOffset? steadySince = null;
            if (MemberHealth.IsCloseAndHealthy(observed, member, maxLag))
            {
                steadySince = Since.TryGetValue(host, out var before) && before <= observed.At ? before : observed.At;
                since[host] = steadySince.Value;
            }

            members[host] = member with { SteadySince = steadySince };
        }

        return (new StabilityTracker { Since = since }, observed with { Members = members });
    }
}
