using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;
using ConfigReader = Modestano.Operator.ReplicaSets.Mongo.ConfigReader;
using ReplicaSetConfig = Modestano.Operator.ReplicaSets.Observation.ReplicaSetConfig;

namespace Modestano.Scenarios.Simulation;

/// <summary>
/// Judges each command that changes a replica set by R1 to R12, as it reaches a member: from the member's own configuration and from the
/// truth, knowing nothing of what the operator observed or planned.
/// </summary>
internal sealed class StepJudge(Truth truth, Landscape landscape)
{
    /// <summary>The object as the pass that runs found it.</summary>
    public MongoReplicaSet Object { get; set; } = new();

    /// <summary>What the command breaks; empty: nothing.</summary>
    public IReadOnlyList<string> Judge(string host, BsonDocument command)
    {
        truth.Look();
        var name = command.GetElement(0).Name;
        List<string> broken = [.. Permission(name)];
        var receiver = truth.Find(host);
        switch (name)
        {
            case "replSetReconfig" when receiver.Process is { } process && (process.Topology.IsWritablePrimary || command.Contains("force")):
                var current = truth.ConfigOf(receiver)!;
                var newlyAdded = current.Members.Where(m => m.NewlyAdded).Select(m => m.Host).ToHashSet();
                var next = ConfigReader.Read(command[0].AsBsonDocument, committed: true, newlyAdded)!;
                if (command.Contains("force"))
                {
                    broken.Add("R6NoForce: a forced reconfig without spec.recovery");
                }

                // Anything else the server refuses: somebody was faster.
                if (next.Version == current.Version + 1 && next.Term == current.Term)
                {
                    var judged = new JudgedReconfig(truth, landscape, Object.Spec, receiver.Host, current, next);
                    broken.AddRange(judged.Broken());
                    broken.AddRange(UnmanagedFields.Changed(Truth.DocumentOf(receiver)!, command[0].AsBsonDocument, Object.Spec, judged.Rest));
                }

                break;
            case "replSetStepDown" when receiver.Process is { } process && process.Topology.IsWritablePrimary:
                broken.AddRange(StepDown(receiver, command));
                break;
            case "replSetInitiate":
                broken.AddRange(Initiate(receiver, command));
                break;
            default:
                break;
        }

        return broken;
    }

    /// <summary>Nothing is sent where a person asked for nothing.</summary>
    private IEnumerable<string> Permission(string name)
    {
        if (Object.Spec.Reconfiguration.Mode != "Apply")
        {
            yield return $"{name} in mode {Object.Spec.Reconfiguration.Mode}";
        }

        if (Object.Metadata.Annotations?.ContainsKey(Annotations.Hold) == true)
        {
            yield return $"{name} although the object is held";
        }

        if (name == "setDefaultRWConcern" && Object.Spec.DefaultWriteConcern is null)
        {
            yield return "setDefaultRWConcern although the spec names no default write concern";
        }

        var config = truth.Config;
        var how = Object.Spec.Reconfiguration;
        if (how.ApprovedPlanHash is null && config is not null && (how.Approval == "Manual" || (how.Adoption == "Manual" && !IsOwned(config))))
        {
            yield return $"R11OneOwner: {name} without an approved plan";
        }
    }

    private static bool IsOwned(ReplicaSetConfig config)
    {
        var owners = config.Members.Select(m => m.Tags.GetValueOrDefault(TagNames.Owner)).OfType<string>().Distinct().ToList();
        return owners is [SpecGenerator.Owner];
    }

    private IEnumerable<string> StepDown(SimulatedMember receiver, BsonDocument command)
    {
        var config = truth.ConfigOf(receiver)!;
        var wanted = Object.Spec.PrimaryRegion;
        if (command.TryGetValue("force", out var force) && force.ToBoolean())
        {
            yield return "R6NoForce: a forced step-down";
        }

        if (command.GetValue("secondaryCatchUpPeriodSecs", 10).ToInt32() >= command[0].ToInt32())
        {
            yield return "R4GentlePrimary: the catch-up lasts longer than the step-down";
        }

        var electable = config.Voters.Where(m => m.IsElectable && m.Host != receiver.Host).ToList();
        if (electable.FirstOrDefault(m => landscape.RegionOf(m.Host) != wanted) is { } elsewhere)
        {
            yield return $"R4GentlePrimary: {elsewhere.Host} outside {wanted} could follow";
        }

        if (!electable.Any(m => truth.WasGood(m.Host)))
        {
            yield return $"R4GentlePrimary: none of {Names(electable)} is good enough to follow";
        }

        var rest = RestPlan.For(DesiredTopology.From(Object.Spec, SpecGenerator.Owner), config);
        var home = config.Voters.Count(m => landscape.RegionOf(m.Host) == wanted);
        var missing = rest.Members.Count(r => r.Votes == 1 && r.Region == wanted && config.Find(r.Host) is not { IsVoter: true });
        if (2 * home < config.Voters.Count() && missing > 0 && config.Voters.Count() < VoteAllocation.MaxVotes)
        {
            yield return $"R12VotesFollowThePrimary: the primary moves to {home} of {config.Voters.Count()} votes, and {missing} more are to come";
        }
    }

    private IEnumerable<string> Initiate(SimulatedMember receiver, BsonDocument command)
    {
        if (Object.Spec.Bootstrap != "Initiate")
        {
            yield return "replSetInitiate although bootstrap is Never";
        }

        if (truth.SetId is not null)
        {
            yield return "replSetInitiate although the set exists";
        }

        if (receiver.Disk.Config is not null || command[0]["members"].AsBsonArray.Count != 1)
        {
            yield return $"R8RightSet: replSetInitiate on {receiver.Host}, which is initialised, or with more than one member";
        }
    }

    private string Names(IEnumerable<ConfigMember> members) => string.Join(", ", members.Select(m => truth.Describe(m.Host)));
}
