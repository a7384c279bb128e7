using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Scenarios.Simulation;

/// <summary>Random specs that somebody could apply, and random edits of one.</summary>
/// <param name="landscape">The machines.</param>
/// <param name="random">Of the schedule.</param>
/// <param name="undecided">While the operator does not know yet which set is meant: the set's members; none: nobody is initiated. Null: it knows.</param>
internal sealed class SpecGenerator(Landscape landscape, Random random, Func<IReadOnlyList<string>?> undecided)
{
    private const int MaxMembers = 9;

    /// <summary>The owner tag of the simulated object.</summary>
    public const string Owner = "cluster/shop/marketplace";

    /// <summary>A first spec.</summary>
    public MongoReplicaSetSpec First(bool bootstrap) => Topology(Frame(bootstrap));

    private MongoReplicaSetSpec Frame(bool bootstrap) => new()
    {
        ReplicaSetName = "rs0",
        Connection = new ConnectionSpec { Tls = new TlsSpec { Mode = "Disabled" } },
        Bootstrap = bootstrap ? "Initiate" : "Never",
        Reconfiguration = new ReconfigurationSpec
        {
            Adoption = random.Next(3) == 0 ? "Manual" : "Automatic",
            Approval = random.Next(10) == 0 ? "Manual" : "Automatic",
            Removal = random.Next(8) == 0 ? "Retain" : "Remove",
            StabilizationWindow = Duration.FromSeconds(random.Next(0, 30)),
            MaxReplicationLag = Duration.FromSeconds(random.Next(5, 20)),
            MinOplogWindow = Duration.FromSeconds(1),
            MaxConcurrentInitialSyncs = random.Next(1, 4),
        },
        DefaultWriteConcern = random.Next(3) == 0 ? null : new DefaultWriteConcern { W = "majority" },
    };

    /// <summary>The same object with other members.</summary>
    public MongoReplicaSetSpec Topology(MongoReplicaSetSpec spec)
    {
        while (true)
        {
            var hosts = landscape.Hosts.Where(h => h != landscape.Foreign || random.Next(3) == 0).OrderBy(_ => random.Next()).Take(random.Next(1, MaxMembers + 1));
            var regions = landscape.Group(hosts.Select(h => Flavour(Member(h))));
            var next = spec with
            {
                Regions = regions,
                PrimaryRegion = regions[random.Next(regions.Count)].Name,
                Settings = random.Next(4) == 0 ? new ReplicaSetSettings { ChainingAllowed = random.Next(2) == 0, ElectionTimeoutMillis = random.Next(8, 12) * 1000 } : spec.Settings,
            };
            if (IsPossible(next))
            {
                return next;
            }
        }
    }

    /// <summary>What a person changes in a spec while it is being carried out.</summary>
    public MongoReplicaSetSpec Edit(MongoReplicaSetSpec spec)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            var members = spec.Regions.SelectMany(r => r.Members).ToList();
            var one = random.Next(members.Count);
            switch (random.Next(6))
            {
                case 0:
                    return Topology(spec);
                case 1 when landscape.Hosts.Where(h => h != landscape.Foreign && members.All(m => m.Host != h)).ToList() is { Count: > 0 } free && members.Count < MaxMembers:
                    members.Add(Member(free[random.Next(free.Count)]));
                    break;
                case 2 when members.Count > 1:
                    members.RemoveAt(one);
                    break;
                case 3:
                    // arbiterOnly cannot be changed on a member: MongoDB refuses, and a person learns so from the condition.
                    var flavoured = Flavour(Member(members[one].Host));
                    members[one] = flavoured with { ArbiterOnly = members[one].ArbiterOnly, SecondaryDelaySecs = members[one].ArbiterOnly == true ? null : flavoured.SecondaryDelaySecs };
                    break;
                default:
                    break;
            }

            var regions = landscape.Group(members);
            var next = spec with { Regions = regions, PrimaryRegion = random.Next(2) == 0 && regions.Any(r => r.Name == spec.PrimaryRegion) ? spec.PrimaryRegion : regions[random.Next(regions.Count)].Name };
            if (IsPossible(next))
            {
                return next;
            }
        }

        return Topology(spec);
    }

    /// <summary>Another topology, which can be had from what is there: what a person does whom a condition told that this one cannot.</summary>
    public MongoReplicaSetSpec Attainable(MongoReplicaSetSpec spec, ReplicaSetConfig? config)
    {
        while (true)
        {
            var next = Topology(spec with { Reconfiguration = spec.Reconfiguration with { Removal = "Remove" } });
            var desired = DesiredTopology.From(next, Owner);
            if (next.Regions.All(r => r.Members.All(m => m.Host != landscape.Foreign))
                && (!landscape.HasOneArbiter || desired.Members.Count(m => m.ArbiterOnly) <= 1)
                && RestPlan.For(desired, config).Problem is null
                && desired.Members.All(m => config?.Find(m.Host) is not { } now || !RestPlan.DiffersForGood(m, now)))
            {
                return next;
            }
        }
    }

    private bool IsPossible(MongoReplicaSetSpec spec) => RestPlan.For(DesiredTopology.From(spec, Owner), null).Problem is null && IsAboutTheSet(spec);

    /// <summary>
    /// Until the operator knows which set is meant, the spec has to say so, as people do: it names a member of the set or, where nobody is
    /// initiated yet, no member of the foreign one, which would be the one that is meant. An arbiter under authorization tells nothing of its set.
    /// </summary>
    private bool IsAboutTheSet(MongoReplicaSetSpec spec)
    {
        var hosts = spec.Regions.SelectMany(r => r.Members).Select(m => m.Host);
        return undecided() switch
        {
            null => true,
            [] => !hosts.Contains(landscape.Foreign!),
            var members => hosts.Any(members.Contains),
        };
    }

    private MemberSpec Member(string host) => new() { Host = host, Zone = Landscape.ZoneOf(host, landscape.RegionOf(host)) };

    private MemberSpec Flavour(MemberSpec member) => random.Next(20) switch
    {
        0 => member with { Hidden = true },
        1 => member with { Votes = 0 },
        2 => member with { Votes = 1 },
        3 => member with { SecondaryDelaySecs = 40, Hidden = true },
        4 => member with { Priority = new Fraction(0) },
        5 => member with { Priority = new Fraction(random.Next(1, 20) / 2m) },
        6 => member with { ArbiterOnly = true },
        7 => member with { Tags = new Dictionary<string, string> { ["use"] = "reporting" } },
        8 => member with { Zone = null },
        _ => member,
    };
}
