using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;
using Modestano.Operator.ReplicaSets.Rules;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Tests.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Rules;

/// <summary>Puts one step on trial before one rule, in few words: a step from one configuration to another, in a set in which everybody is well.</summary>
public sealed record OnTrial
{
    /// <summary>The configuration in force.</summary>
    public required ReplicaSetConfig From { get; init; }

    /// <summary>The configuration that the reconfig makes; null: the step is <see cref="Step"/>.</summary>
    public ReplicaSetConfig? To { get; init; }

    /// <summary>The step, where it is not the reconfig between the two.</summary>
    public Step? Step { get; init; }

    /// <summary>The primary, as <c>a1</c>.</summary>
    public string Primary { get; init; } = "a1";

    /// <summary>The spec; by default the members of <see cref="To"/>, with the primary in region a.</summary>
    public DesiredTopology? Wanted { get; init; }

    /// <summary>What is otherwise than well.</summary>
    public Func<ObservedReplicaSet, ObservedReplicaSet> Seen { get; init; } = o => o;

    /// <summary>What is otherwise than usual in the reconfig.</summary>
    public Func<Reconfig, Reconfig> As { get; init; } = r => r;

    public PlanningPolicy Policy { get; init; } = Sets.Policy;

    public PlanningHistory History { get; init; } = PlanningHistory.Empty;

    /// <summary>What the rule says; null: the step keeps it.</summary>
    public string? Verdict(IReplicaSetRule rule)
    {
        var fresh = (To ?? From).Members.Where(m => From.Find(m.Host) is null).Select(m => m.Host.Split(':')[0]).ToArray();
        var observed = Seen(Sets.Observed(From, Primary, fresh));
        var desired = Wanted ?? Sets.Topology("a", [.. (To ?? From).Members.Select(m => Sets.Wanted(m.Host.Split(':')[0]) with { ArbiterOnly = m.ArbiterOnly })]);
        var step = Step ?? As(ConfigChanges.Between(From, To!, Sets.Host(Primary)) ?? throw new ArgumentException("the two configurations are the same"));
        var next = step is Reconfig reconfig ? ConfigChanges.Apply(From, reconfig) : step is Initiate initiate ? From with { Members = [initiate.Member] } : From;
        return rule.Check(new ProposedStep(step, new PlanInput(observed, desired, Policy, History), From, next));
    }
}

/// <summary>Rows of the rules' tables.</summary>
internal static class Row
{
    public static TestCaseData Kept(string sentence, OnTrial trial) => new TestCaseData(trial, null).SetName(sentence);

    public static TestCaseData Broken(string sentence, OnTrial trial, string words) => new TestCaseData(trial, words).SetName(sentence);

    public static void Assert(IReplicaSetRule rule, OnTrial trial, string? words)
    {
        var verdict = trial.Verdict(rule);
        NUnit.Framework.Assert.That(verdict, words is null ? Is.Null : Does.Contain(words));
    }
}
