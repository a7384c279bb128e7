using Modestano.Operator.Dns.Decision;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Tests.Dns.Planning;

/// <summary>Words for planner tests: groups of two endpoints of <c>shop.modestano.com</c>, and what a batch makes of them.</summary>
internal static class Group
{
    public const string Name = "shop.modestano.com.";

    public static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);

    public static readonly RecordOwner Owner = new("modestano", "shop", "shop");

    public static DesiredGroup Wanted(params (string Id, int Weight)[] endpoints) => new()
    {
        Name = Name,
        Type = "A",
        Ttl = 60,
        Sets = [.. endpoints.Select(e => Set(e.Id, e.Weight))],
        Claim = new RecordClaim(Owner, [], null, false),
    };

    public static ObservedGroup Served(params (string Id, int Weight)[] endpoints) => new(
        [.. endpoints.Select(e => Set(e.Id, e.Weight))],
        [.. endpoints.Select(e => OwnershipMark.For(Name, "A", e.Id, Owner))],
        new Dictionary<string, EndpointHealth>(),
        null);

    public static RecordSet Set(string id, int weight) =>
        new() { Name = Name, Type = "A", SetIdentifier = id, Weight = weight, Ttl = 60, Values = [$"192.0.2.{id.Sum(c => c) % 250}"] };

    public static ObservedChange InSync(TimeSpan ago) => new(ChangeState.InSync, Now - ago - TimeSpan.FromSeconds(30), Now - ago);

    /// <summary>Weights after a batch, as <c>a:255 b:0</c>.</summary>
    public static string After(ObservedGroup group, DnsDecision decision) => decision is Step step ? DnsPlanner.Words(Weights(Apply(group, step.Changes))) : "";

    public static IReadOnlyDictionary<string, int> Weights(ObservedGroup group) => group.Sets.Where(s => s.SetIdentifier is not null).ToDictionary(s => s.SetIdentifier!, s => s.Weight ?? 0);

    /// <summary>Applies a batch with the service's own strictness: DELETE of exactly what is there, CREATE of what is not.</summary>
    public static ObservedGroup Apply(ObservedGroup group, IReadOnlyList<RecordChange> changes)
    {
        var all = group.Sets.Concat(group.Marks).ToList();
        foreach (var change in changes)
        {
            var same = all.FindIndex(s => (s.Name, s.Type, s.SetIdentifier) == (change.Set.Name, change.Set.Type, change.Set.SetIdentifier));
            if (change.IsCreate)
            {
                Assert.That(same, Is.EqualTo(-1), $"CREATE of {change.Set.Name} {change.Set.SetIdentifier}, which exists");
                all.Add(change.Set);
            }
            else
            {
                Assert.That(same, Is.Not.EqualTo(-1), $"DELETE of {change.Set.Name} {change.Set.SetIdentifier}, which does not exist");
                Assert.That(all[same].Exact == change.Set.Exact, "DELETE of other values than are there");
                all.RemoveAt(same);
            }
        }

        var sets = all.Where(s => s.Name == group.Sets.Concat(changes.Select(c => c.Set)).Select(s => s.Name).First(n => !n.StartsWith('_'))).ToList();
        Assert.That(sets.Where(s => s.Alias is null).Select(s => s.Ttl).Distinct().Count(), Is.LessThanOrEqualTo(1), "one TTL in a weighted group");
        return group with { Sets = sets, Marks = [.. all.Except(sets)] };
    }

    /// <summary>The wish with a person's word that what is there may be taken over.</summary>
    public static DesiredGroup Adopting(ObservedGroup observed, DesiredGroup desired) => desired with { Adopt = true, ExpectedFingerprint = observed.Fingerprint };
}
