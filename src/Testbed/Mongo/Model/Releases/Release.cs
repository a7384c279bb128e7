namespace Modestano.Testbed.Mongo.Model;

/// <summary>The release that a member plays: its binary, and the feature compatibility version of its data.</summary>
/// <param name="Binary">What it was started from.</param>
/// <param name="FeatureCompatibility">What its data is at, for example 6.0; null while it has none.</param>
internal readonly record struct Release(ServerVersion Binary, ServerVersion? FeatureCompatibility = null)
{
    /// <summary>Every difference between releases that the model plays, and the only place that knows which release has it.</summary>
    public static IReadOnlyDictionary<Trait, TraitRule> Traits { get; } = new Dictionary<Trait, TraitRule>
    {
        [Trait.Hello] = TraitRule.Since("4.4.2"),
        [Trait.SecondaryDelaySecs] = TraitRule.SinceFeatureCompatibility("5.0.0-preview"),
        [Trait.NewlyAdded] = TraitRule.SinceFeatureCompatibility("4.9.0"),
        [Trait.QuickSelfSearch] = TraitRule.Since("4.4.19, 5.0.15, 6.0.5, 6.1.0"),
        [Trait.QuickQuorumCheck] = TraitRule.Since("5.0.7, 5.1.0"),
        [Trait.ImplicitMajority] = TraitRule.SinceFeatureCompatibility("5.0.0"),
        [Trait.DefaultConcernSources] = TraitRule.SinceFeatureCompatibility("5.0.0"),
        [Trait.DefaultWriteConcernStays] = TraitRule.SinceFeatureCompatibility("5.0.0"),
        [Trait.NoLastErrorDefaults] = TraitRule.Since("5.0.0"),
        [Trait.TwoStepPsa] = TraitRule.Since("4.4.11, 5.0.0-preview"),
        [Trait.PsaRefusalNamesPage] = TraitRule.Since("4.4.11, 5.1.0"),
        [Trait.OneArbiter] = TraitRule.Since("5.3.0"),
        [Trait.MemberWallTimes] = TraitRule.Since("4.4.11, 5.0.0"),
        [Trait.NearerSyncSource] = TraitRule.Since("5.0.0"),
        [Trait.ConfirmedFeatureCompatibility] = TraitRule.Since("7.0.0"),
    };

    public bool Has(Trait trait) => Traits[trait].Holds(Binary, Features);

    /// <summary>The features in use: those of the binary, or of the older release that its data is still at.</summary>
    private ServerVersion Features => FeatureCompatibility is { } data && !Binary.IsOfSeries(data) ? data : Binary;

    public override string ToString() => Binary.ToString();
}
