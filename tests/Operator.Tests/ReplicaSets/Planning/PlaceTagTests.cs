using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>Applications read by tags (readPreferenceTags): a region or zone that a member has already is theirs, and the spec knows better where it is.</summary>
[TestFixture]
public class PlaceTagTests
{
    private static readonly ReplicaSetConfig Three = Sets.Rested('a', "a1", "a2", "a3");

    [Test]
    public void Places_that_a_member_has_stay_and_the_set_settles()
    {
        var theirs = Three.With("a2", m => m with { Tags = With(m.Tags, ("region", "EU"), ("zone", "rack-7")) });
        Assert.That(Planner.Next(new(Sets.Observed(theirs, "a1"), Sets.Topology("a", "a1", "a2", "a3"), Sets.Policy, PlanningHistory.Empty)), Is.TypeOf<PlanDecision.Settled>());
    }

    [Test]
    public void Where_a_member_has_none_they_are_written()
    {
        var bare = Three.With("a2", m => m with { Tags = new Dictionary<string, string> { ["use"] = "reporting", ["region"] = "EU" } });
        var tags = Edited(bare, Sets.Topology("a", "a1", "a2", "a3"));
        Assert.That(tags, Is.EquivalentTo(new Dictionary<string, string> { ["use"] = "reporting", ["region"] = "EU", ["zone"] = "a-1", ["modestano-owner"] = Sets.Owner }));
    }

    [Test]
    public void A_region_that_the_spec_gives_as_a_tag_is_written_over_what_is_there()
    {
        var spec = new MongoReplicaSetSpec
        {
            ReplicaSetName = "rs0",
            PrimaryRegion = "a",
            Regions = [new RegionSpec { Name = "a", Members = [.. ((string[])["a1", "a2", "a3"]).Select(n => new MemberSpec { Host = Sets.Host(n), Zone = Sets.Wanted(n).Zone, Tags = n == "a2" ? new Dictionary<string, string> { ["region"] = "EU" } : null })] }],
        };
        var tags = Edited(Three, DesiredTopology.From(spec, Sets.Owner));
        Assert.That(tags, Is.EquivalentTo(new Dictionary<string, string> { ["region"] = "EU", ["zone"] = "a-1", ["modestano-owner"] = Sets.Owner }));
    }

    [Test]
    public void The_primary_is_where_the_spec_says_and_not_where_its_tag_says()
    {
        var tagged = Three.With("a1", m => m with { Tags = With(m.Tags, ("region", "b")) });
        var desired = Sets.Topology("a", "a1", "a2", "a3");
        Assert.That(desired.RegionOf(tagged.Members[0]), Is.EqualTo("a"));
    }

    private static IReadOnlyDictionary<string, string> Edited(ReplicaSetConfig config, DesiredTopology desired)
    {
        var decision = Planner.Next(new(Sets.Observed(config, "a1"), desired, Sets.Policy, PlanningHistory.Empty));
        Assert.That(decision, Is.TypeOf<PlanDecision.Act>(), Sets.Words(decision));
        return ((Reconfig)((PlanDecision.Act)decision).Step).Edits.Single(e => e.Host == Sets.Host("a2")).Tags!;
    }

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> tags, params (string Name, string Value)[] more)
    {
        var all = tags.ToDictionary();
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return all;
    }
}
