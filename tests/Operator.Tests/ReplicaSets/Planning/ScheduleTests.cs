using CsCheck;
using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Situations;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>Random topologies, starting configurations and failures: no rule is ever broken, and when the failures end the set settles.</summary>
[TestFixture]
public class ScheduleTests
{
    /// <summary>A schedule with long windows and one copy at a time after another needs more than a thousand; one without an end needs them all.</summary>
    private const int Passes = 3000;

    private static readonly string[] Everybody = [.. "abc".SelectMany(r => Sets.Names(r, 6))];

    [Test]
    public void Whatever_happens_no_rule_is_broken_and_in_the_end_the_set_settles() =>
        Gen.Int[0, int.MaxValue].Holds(
            seed =>
            {
                if (Run(seed) is { } failure)
                {
                    throw new InvalidOperationException($"seed {seed}: {failure}\n{Trace(seed)}");
                }
            },
            draws: 2000);

    [TestCase(1651510251, TestName = "A_schedule_in_which_a_primary_waits_for_a_vote_that_the_server_holds_back")]
    [TestCase(1479840090, TestName = "A_schedule_in_which_two_votes_that_the_server_holds_back_leave")]
    [TestCase(812939818, TestName = "A_schedule_in_which_an_eighth_vote_is_taken_while_another_one_leaves")]
    [TestCase(331363805, TestName = "A_schedule_in_which_the_prepared_successor_dies")]
    [TestCase(832281112, TestName = "A_schedule_with_an_endless_loan")]
    [TestCase(1979547718, TestName = "A_schedule_that_takes_more_than_a_thousand_passes")]
    public void Schedules_that_once_failed(int seed) => Assert.That(Run(seed), Is.Null, Trace(seed));

    /// <summary>The end of a schedule, pass by pass.</summary>
    private static string Trace(int seed)
    {
        var lines = new List<string>();
        Run(seed, lines.Add);
        return string.Join('\n', lines.Where(l => l.StartsWith("want", StringComparison.Ordinal)).TakeLast(1).Concat(lines.TakeLast(24)));
    }

    private static string? Run(int seed, Action<string>? trace = null)
    {
        var random = new Random(seed);
        var set = Start(random);
        var topology = Topology(random);
        var policy = new PlanningPolicy
        {
            AdoptionNeedsApproval = false,
            MaxConcurrentInitialSyncs = random.Next(1, 5),
            StabilizationWindow = TimeSpan.FromSeconds(random.Next(0, 60)),
        };
        var history = PlanningHistory.Empty;
        var tracker = StabilityTracker.Empty;
        var faults = new Faults(random, set);
        PlanDecision decision = new PlanDecision.Settled();
        trace?.Invoke($"start {Describe(set)}; want {Describe(topology, set.Config)}");
        for (var pass = 0; pass < Passes; pass++)
        {
            var disturbed = pass < 70;
            if (disturbed)
            {
                faults.Disturb();
                if (random.Next(35) == 0)
                {
                    topology = Topology(random);
                    history = history.Acknowledged();
                    trace?.Invoke($"want {Describe(topology, set.Config)}");
                }
            }
            else
            {
                faults.Heal();
            }

            if (disturbed && random.Next(80) == 0)
            {
                // The operator restarts and knows nothing of the past.
                (history, tracker) = (PlanningHistory.Empty, StabilityTracker.Empty);
            }

            set.Tick(TimeSpan.FromSeconds(random.Next(1, 8)));
            (tracker, var observed) = tracker.Fold(set.Observe(), policy.MaxReplicationLag);
            history = DriftTracker.Fold(history, observed, policy);
            decision = Planner.Next(new(observed, topology, policy, history with { PlanApproved = random.Next(3) == 0 }));
            if (decision is PlanDecision.Stalled stalled)
            {
                if (!disturbed && topology.RemoveOthers && stalled.Reason is (PlanReasons.ImmutableMemberField or PlanReasons.InvalidTopology))
                {
                    // A person wants something else that can be had.
                    do
                    {
                        topology = Topology(random);
                    }
                    while (RestPlan.For(topology, set.Config).Problem is not null);
                }

                if (!disturbed && !topology.RemoveOthers && stalled.Reason is PlanReasons.ImmutableMemberField or PlanReasons.InvalidTopology)
                {
                    return null;
                }

                if (RuleBook.All.Any(r => r.Name == stalled.Reason) || stalled.Reason is not (PlanReasons.Contested or PlanReasons.InvalidTopology or PlanReasons.ImmutableMemberField))
                {
                    return $"pass {pass}: {stalled}; {Describe(set)}; want {Describe(topology, set.Config)}";
                }

                // A person reads the condition and goes on.
                history = history.Acknowledged();
            }

            if (decision is PlanDecision.AwaitingApproval)
            {
                history = history.Acknowledged();
            }

            if (decision is PlanDecision.Act(var step))
            {
                // The answer may get lost, on the way there or back.
                var lost = disturbed ? random.Next(20) : 9;
                var done = lost != 0 && set.Execute(step);
                history = history.With(new PastStep(set.Now, step, lost <= 1 ? StepOutcome.Unknown : done ? StepOutcome.Succeeded : StepOutcome.Refused));
                trace?.Invoke($"{pass} {(done ? "did" : "failed")} {step.Kind}: {step.Summary} -> {Describe(set)}");
                if (done && !disturbed && Broken(set) is { } broken)
                {
                    return $"pass {pass}, after {step.Summary}: {broken}";
                }
            }
            else
            {
                trace?.Invoke($"{pass} {decision}");
            }

            if (!disturbed && decision is PlanDecision.Settled)
            {
                return Resting(set, topology);
            }
        }

        return $"stuck: {decision}; {Describe(set)}; want {Describe(topology, set.Config)}";
    }

    /// <summary>What must hold after each step of ours, from what is, not from what was observed.</summary>
    private static string? Broken(FaultySet set)
    {
        var up = set.Config.Voters.Count(v => set[v.Host].Up);
        return up < set.Config.ElectionMajority ? $"only {up} of {set.Config.Voters.Count()} voters are up"
            : set.Primary is null ? "no primary"
            : set.Config.Voters.Count() > 7 ? "more than seven votes"
            : null;
    }

    /// <summary>What must hold when the set has settled, computed without the planner.</summary>
    private static string? Resting(FaultySet set, DesiredTopology topology)
    {
        var hosts = set.Config.Members.Select(m => m.Host).Order().ToList();
        var wanted = topology.Members.Select(m => m.Host).Order().ToList();
        if (topology.RemoveOthers ? !hosts.SequenceEqual(wanted) : wanted.Except(hosts).Any())
        {
            return $"settled with {string.Join(' ', hosts)}";
        }

        var primary = set.Config.Find(set.Primary ?? "");
        if (primary is null || topology.RegionOf(primary) != topology.PrimaryRegion)
        {
            return $"settled with the primary {set.Primary}";
        }

        if (!topology.RemoveOthers)
        {
            return null;
        }

        var voters = set.Config.Voters.ToList();
        var home = voters.Count(v => topology.RegionOf(v) == topology.PrimaryRegion);
        var eligible = topology.Members.Where(m => m.Votes != 0 && m.SecondaryDelaySecs == 0).ToList();
        var free = topology.Members.All(m => m.Votes is null && !m.ArbiterOnly);
        if (free && eligible.Count(m => m.Region == topology.PrimaryRegion) >= 2 && 2 * home <= voters.Count && voters.Count > 2)
        {
            return $"settled with {home} of {voters.Count} votes in {topology.PrimaryRegion}";
        }

        if (free && voters.Count < Math.Min(3, eligible.Count))
        {
            return $"settled with {voters.Count} votes of {eligible.Count} members";
        }

        var wrong = set.Config.Members.FirstOrDefault(m => m.Hidden != topology.Find(m.Host)!.Hidden && !m.ArbiterOnly);
        return wrong is null ? null : $"settled with {wrong.Host} hidden: {wrong.Hidden}";
    }

    private static FaultySet Start(Random random)
    {
        var names = Everybody.OrderBy(_ => random.Next()).Take(random.Next(1, 9)).ToList();
        var members = names.Select((n, i) => Sets.Member((i * 3) + random.Next(3), n)).ToList();
        for (var i = 1; i < members.Count; i++)
        {
            members[i] = i >= 7 || random.Next(6) == 0
                ? members[i] with { Votes = 0, Priority = 0, Hidden = random.Next(2) == 0 }
                : members[i] with { Priority = random.Next(4) switch { 0 => 0, 1 => 0.5, 2 => 1, _ => random.Next(1, 20) } };
        }

        return new FaultySet(
            new ReplicaSetConfig { SetName = "rs0", Version = random.Next(1, 100), Term = random.Next(1, 9), Members = members },
            members[0].Host,
            Everybody.Select(Sets.Host));
    }

    private static DesiredTopology Topology(Random random)
    {
        while (true)
        {
            var members = Everybody.OrderBy(_ => random.Next()).Take(random.Next(1, 12)).Select(Sets.Wanted).Select(m => Flavour(random, m)).ToList();
            var topology = Sets.Topology("abc"[random.Next(3)].ToString(), members) with
            {
                Regions = Everybody.ToDictionary(Sets.Host, n => n[..1]),
                RemoveOthers = random.Next(8) != 0,
                DefaultWriteConcern = new DesiredWriteConcern("majority", 0),
                Settings = random.Next(4) == 0 ? new ConfigSettings { ChainingAllowed = random.Next(2) == 0, ElectionTimeoutMillis = 10_000 } : new ConfigSettings(),
            };
            if (RestPlan.For(topology, null).Problem is null)
            {
                return topology;
            }
        }
    }

    private static DesiredMember Flavour(Random random, DesiredMember member) => random.Next(20) switch
    {
        0 => member with { Hidden = true },
        1 => member with { Votes = 0 },
        2 => member with { Votes = 1 },
        3 => member with { SecondaryDelaySecs = 3600, Hidden = true },
        4 => member with { Priority = 0 },
        5 => member with { Priority = random.Next(1, 10) },
        6 => member with { ArbiterOnly = true, Votes = 1, Tags = new Dictionary<string, string>() },
        _ => member,
    };

    private static string Describe(FaultySet set) =>
        $"v{set.Config.Version} t{set.Term} primary {set.Primary ?? "none"}: {string.Join(' ', set.Config.Members.Select(m => $"{m.Host[..2]}({m.Votes},{m.Priority}{(m.Hidden ? ",h" : "")}{(set[m.Host].Up ? "" : ",down")}{(set[m.Host].Lagging ? ",lag" : "")})"))}";

    private static string Describe(DesiredTopology topology, ReplicaSetConfig config) =>
        $"{topology.PrimaryRegion}: {string.Join(' ', RestPlan.For(topology, config).Members.Select(m => $"{m.Host[..2]}({m.Votes},{m.Priority}{(m.Hidden ? ",h" : "")})"))}";

    private sealed class Faults(Random random, FaultySet set)
    {
        public void Disturb()
        {
            var host = set.Hosts.ElementAt(random.Next(set.Hosts.Count()));
            switch (random.Next(40))
            {
                case 0 or 1:
                    set[host].Up = false;
                    break;
                case 2 or 3 or 4:
                    foreach (var h in set.Hosts.Where(_ => random.Next(2) == 0))
                    {
                        set[h].Up = true;
                        set[h].Blind.Clear();
                    }

                    break;
                case 5 when host != set.Primary:
                    set[host].Lagging = true;
                    break;
                case 6 or 7:
                    foreach (var h in set.Hosts)
                    {
                        set[h].Lagging = false;
                    }

                    break;
                case 8 when set.Primary is not null:
                    set.Elect(set.Primary);
                    break;
                case 9 when random.Next(2) == 0:
                    set[host].Blind.Add(set.Hosts.ElementAt(random.Next(set.Hosts.Count())));
                    break;
                case 9:
                    set[host].Transaction = random.Next(3) == 0;
                    break;
                case 10 when random.Next(3) == 0 && set.Primary is { } primary:
                    Drift(primary);
                    break;
            }
        }

        public void Heal()
        {
            foreach (var host in set.Hosts)
            {
                (set[host].Up, set[host].Lagging, set[host].Transaction) = (true, false, false);
                set[host].Blind.Clear();
            }
        }

        private void Drift(string primary)
        {
            var victim = set.Config.Members[random.Next(set.Config.Members.Count)];
            if (victim.Host == primary)
            {
                return;
            }

            if (random.Next(6) == 0 && Everybody.Select(Sets.Host).FirstOrDefault(h => set.Config.Find(h) is null && set[h].Up && set[h].Data == FaultySet.Data.None) is { } joining)
            {
                var id = set.Config.Members.Max(m => m.Id) + 1;
                set.ReconfigureByHand(config => config with { Members = [.. config.Members, new ConfigMember { Id = id, Host = joining, NewlyAdded = true }] });
                return;
            }

            Func<ConfigMember, ConfigMember?> change = random.Next(4) switch
            {
                0 => m => m.ArbiterOnly ? m : m with { Votes = 0, Priority = 0 },
                1 => m => m.Votes == 0 || m.Hidden || m.ArbiterOnly || m.SecondaryDelaySecs > 0 ? m : m with { Priority = 0.25 },
                2 => m => m with { Tags = new Dictionary<string, string> { ["use"] = "reporting" } },
                _ => _ => null,
            };
            set.ReconfigureByHand(
                config => config with { Members = [.. config.Members.Select(m => m.Id == victim.Id ? change(m) : m).OfType<ConfigMember>()] },
                force: random.Next(4) == 0);
        }
    }
}
