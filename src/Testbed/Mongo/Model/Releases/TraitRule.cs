namespace Modestano.Testbed.Mongo.Model;

/// <summary>Which releases have a trait.</summary>
internal sealed record TraitRule
{
    private readonly ReleaseRange range;

    private TraitRule(string from, bool followsFeatureCompatibility)
    {
        (From, FollowsFeatureCompatibility) = (from, followsFeatureCompatibility);
        range = ReleaseRange.Parse(from);
    }

    /// <summary>The first releases that have it.</summary>
    public string From { get; }

    /// <summary>Whether a newer binary has it only once its feature compatibility version is raised.</summary>
    public bool FollowsFeatureCompatibility { get; }

    public static TraitRule Since(string releases) => new(releases, followsFeatureCompatibility: false);

    public static TraitRule SinceFeatureCompatibility(string releases) => new(releases, followsFeatureCompatibility: true);

    public bool Holds(ServerVersion binary, ServerVersion features) => range.Contains(FollowsFeatureCompatibility ? features : binary);
}
