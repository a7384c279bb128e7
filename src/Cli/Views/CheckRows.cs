using k8s;
using k8s.Models;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Cli.Views;

/// <summary>
/// What is known of objects before anything is changed, as rows. All of it was seen by the operator, from its own place in the network and with its
/// own rights, and stands in status; this only gathers it. Pure.
/// </summary>
internal static class CheckRows
{
    // What nobody has to wait for, and a person should know.
    private static readonly HashSet<string> Warnings = [ConditionTypes.SurvivesZoneLoss, ConditionTypes.SurvivesRegionLoss, ConditionTypes.DefaultWriteConcernReady];

    public static IEnumerable<CheckRow> Of(MongoReplicaSet set)
    {
        var key = Key("MongoReplicaSet", set);
        foreach (var row in Seen(key, set, set.Status?.ObservedGeneration, set.Status?.Conditions))
        {
            yield return row;
        }

        foreach (var member in (set.Status?.Members ?? []).Where(m => m.State is not null))
        {
            // One that is to be added has its own row for this.
            var isAbsent = member.State is "Absent";
            if (!isAbsent)
            {
                var reached = member.State is not ("Unreachable" or "LoginRefused" or "UNKNOWN");
                yield return new CheckRow(key, "Reachable", member.Host, reached ? CheckRow.Passed : CheckRow.Failed, member.State, null, reached ? null : member.Message ?? "the operator gets no answer from it: look at security groups, routes and the member itself");
            }
        }

        foreach (var check in set.Status?.Checks ?? [])
        {
            yield return new CheckRow(key, check.Name, check.Member, check.Result, check.Value, check.Limit, check.Message);
        }

        if (set.Spec.Reconfiguration.Mode != "Observe" && set.Status is not null)
        {
            var steps = set.Status.Plan?.Count ?? 0;
            yield return new CheckRow(key, "Plan", null, CheckRow.Passed, steps == 0 ? "nothing to do" : $"{steps} steps", null, steps == 0 ? null : $"read it: kubectl modestano plan mrs {set.Metadata.Name} -n {set.Metadata.NamespaceProperty}");
        }

        if (set.Spec.Reconfiguration.Mode == "Apply" && set.Status is not null)
        {
            yield return new CheckRow(key, "FirstLook", null, CheckRow.Unknown, "mode: Apply", null, "latency, clocks, certificates and the user's roles are only asked in mode Plan or Observe");
        }
    }

    public static IEnumerable<CheckRow> Of(WeightedDnsRecord record)
    {
        var key = Key("WeightedDnsRecord", record);
        foreach (var row in Seen(key, record, record.Status?.ObservedGeneration, record.Status?.Conditions))
        {
            yield return row;
        }

        foreach (var check in record.Status?.Checks ?? [])
        {
            yield return new CheckRow(key, check.Name, check.Member, check.Result, check.Value, check.Limit, check.Message);
        }

        foreach (var endpoint in record.Status?.Endpoints ?? [])
        {
            if (endpoint.Health is { } health)
            {
                yield return new CheckRow(key, "EndpointHealth", endpoint.SetIdentifier, health switch { "Healthy" => CheckRow.Passed, "Unknown" => CheckRow.Unknown, _ => CheckRow.Failed }, health, null, health == "Healthy" ? null : "Route 53's health check does not see it well: traffic cannot go there");
            }
        }

        if (record.Spec.Mode != "Observe" && record.Status is not null)
        {
            yield return new CheckRow(key, "FirstLook", null, CheckRow.Unknown, "mode: Apply", null, "the right to change the record is tried without changing it in mode Observe only");
        }
    }

    public static IEnumerable<CheckRow> Of(RegionMigration migration)
    {
        var key = Key("RegionMigration", migration);
        foreach (var row in Seen(key, migration, migration.Status?.ObservedGeneration, migration.Status?.Conditions))
        {
            yield return row;
        }

        foreach (var gate in migration.Status?.Gates ?? [])
        {
            yield return new CheckRow(key, "Gate", gate.Name, gate.Result switch { "Passing" => CheckRow.Passed, "Failing" => CheckRow.Failed, _ => CheckRow.Unknown }, gate.Value, gate.Limit, gate.Result == "Passing" ? null : gate.Message);
        }
    }

    private static IEnumerable<CheckRow> Seen(string key, IKubernetesObject<V1ObjectMeta> of, long? observed, IReadOnlyList<Condition>? conditions)
    {
        if (observed is null || observed < of.Metadata.Generation)
        {
            yield return new CheckRow(key, "Operator", null, CheckRow.Failed, observed is null ? "not looked at" : "an older spec", null, $"the operator has not looked at it{(observed is null ? "" : " since its last edit")}: does it run, does it lead, does it watch namespace {of.Metadata.NamespaceProperty}? kubectl get pods,lease -n modestano-operator-system");
            yield break;
        }

        yield return new CheckRow(key, "Operator", null, CheckRow.Passed, "looked at it", null, null);
        foreach (var condition in conditions ?? [])
        {
            if (condition is { Type: ConditionTypes.Stalled or ConditionTypes.Stale or ConditionTypes.OverrideOrphaned, Status: "True" })
            {
                yield return new CheckRow(key, condition.Reason, null, CheckRow.Failed, null, null, condition.Message);
            }
            else if (condition is { Type: ConditionTypes.AwaitingApproval or ConditionTypes.Held, Status: "True" })
            {
                yield return new CheckRow(key, condition.Type, null, CheckRow.Warning, null, null, condition.Message);
            }
            else if (condition.Status == "False" && Warnings.Contains(condition.Type))
            {
                yield return new CheckRow(key, condition.Type, null, CheckRow.Warning, condition.Reason, null, condition.Message);
            }
        }
    }

    private static string Key(string kind, IKubernetesObject<V1ObjectMeta> of) => $"{kind} {of.Metadata.NamespaceProperty}/{of.Metadata.Name}";
}
