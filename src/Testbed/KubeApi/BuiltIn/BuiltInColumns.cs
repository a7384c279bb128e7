using System.Globalization;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Storage;
using Modestano.Testbed.KubeApi.Tables;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>Table columns of built-in kinds, as the API server prints them.</summary>
internal static class BuiltInColumns
{
    public static IReadOnlyList<TableColumn> Of(string kind) => kind switch
    {
        "Namespace" => [Path("Status", ".status.phase"), Age],
        "Secret" => [Path("Type", ".type"), Text("Data", o => Count(o.Object("data"))), Age],
        "ConfigMap" => [Text("Data", o => Count(o.Object("data"), o.Object("binaryData"))), Age],
        "ServiceAccount" => [Text("Secrets", o => o.Array("secrets")?.Count ?? 0), Age],
        "Service" =>
        [
            Text("Type", o => o.Object("spec").String("type") ?? "ClusterIP"),
            Text("Cluster-IP", o => o.Object("spec").String("clusterIP") ?? "<none>"),
            Text("External-IP", _ => "<none>"),
            Text("Port(s)", Ports),
            Age,
            Text("Selector", o => LabelTexts(o.Object("spec").Object("selector"))) with { Priority = 1 },
        ],
        "Pod" =>
        [
            Text("Ready", ReadyContainers),
            Path("Status", ".status.phase"),
            Text("Restarts", o => (o.Object("status")?.Objects("containerStatuses").Sum(c => c.Integer("restartCount") ?? 0) ?? 0).ToString(CultureInfo.InvariantCulture)),
            Age,
            Text("IP", o => o.Object("status").String("podIP") ?? "<none>") with { Priority = 1 },
            Text("Node", o => o.Object("spec").String("nodeName") ?? "<none>") with { Priority = 1 },
            Text("Nominated Node", o => o.Object("status").String("nominatedNodeName") ?? "<none>") with { Priority = 1 },
            Text("Readiness Gates", _ => "<none>") with { Priority = 1 },
        ],
        "Deployment" =>
        [
            Text("Ready", o => $"{Status(o, "readyReplicas")}/{o.Object("spec").Integer("replicas") ?? 1}"),
            Text("Up-to-date", o => Status(o, "updatedReplicas")),
            Text("Available", o => Status(o, "availableReplicas")),
            Age,
            Text("Containers", o => Containers(o, "name")) with { Priority = 1 },
            Text("Images", o => Containers(o, "image")) with { Priority = 1 },
            Text("Selector", o => Labels(o.Object("spec").Object("selector").Object("matchLabels"))) with { Priority = 1 },
        ],
        "Lease" => [Path("Holder", ".spec.holderIdentity"), Age],
        "PodDisruptionBudget" =>
        [
            Text("Min Available", o => Bare(o.Object("spec")?["minAvailable"])),
            Text("Max Unavailable", o => Bare(o.Object("spec")?["maxUnavailable"])),
            Text("Allowed Disruptions", o => Status(o, "disruptionsAllowed")) with { Type = "integer" },
            Age,
        ],
        "NetworkPolicy" => [Text("Pod-Selector", o => Labels(o.Object("spec").Object("podSelector").Object("matchLabels"))), Age],
        "PriorityClass" =>
        [
            Text("Value", o => o.Integer("value") ?? 0) with { Type = "integer" },
            Text("Global-Default", o => o.Flag("globalDefault")) with { Type = "boolean" },
            Age,
            Text("PreemptionPolicy", o => o.String("preemptionPolicy") ?? "PreemptLowerPriority"),
        ],
        "Role" or "ClusterRole" or "CustomResourceDefinition" => [Created],
        "RoleBinding" or "ClusterRoleBinding" =>
        [
            Text("Role", o => $"{o.Object("roleRef").String("kind")}/{o.Object("roleRef").String("name")}"),
            Age,
            Text("Users", o => Subjects(o, "User")) with { Priority = 1 },
            Text("Groups", o => Subjects(o, "Group")) with { Priority = 1 },
            Text("ServiceAccounts", o => Subjects(o, "ServiceAccount")) with { Priority = 1 },
        ],
        _ => [Age],
    };

    // Built-in kinds print their ages as plain strings.
    private static TableColumn Age => TableColumn.Age with { Type = "string" };

    private static TableColumn Created => new("Created At", "date", (o, _) => JsonValue.Create(o.Object("metadata").String("creationTimestamp")));

    private static TableColumn Path(string name, string path)
    {
        var parsed = JsonPath.Parse(path);
        return new TableColumn(name, "string", (o, _) => JsonValue.Create(parsed.Find(o) is [{ } found, ..] ? JsonPath.Text(found) : ""));
    }

    private static TableColumn Text<T>(string name, Func<JsonObject, T> value) => new(name, "string", (o, _) => JsonValue.Create(value(o)));

    private static long Count(params JsonObject?[] maps) => maps.Sum(m => m?.Count ?? 0);

    private static long Status(JsonObject obj, string field) => obj.Object("status").Integer(field) ?? 0;

    private static string Bare(JsonNode? node) => node is null ? "N/A" : JsonPath.Text(node);

    // Selectors are printed in the order of their keys, maps of labels in that of their texts: "app" comes before "app.x", and "app.x=" before "app=".
    private static string Labels(JsonObject? labels) =>
        labels is { Count: > 0 } ? string.Join(",", labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={JsonPath.Text(l.Value)}")) : "<none>";

    private static string LabelTexts(JsonObject? labels) =>
        labels is { Count: > 0 } ? string.Join(",", labels.Select(l => $"{l.Key}={JsonPath.Text(l.Value)}").Order(StringComparer.Ordinal)) : "<none>";

    private static string Containers(JsonObject obj, string field) =>
        string.Join(",", obj.Object("spec").Object("template").Object("spec").Objects("containers").Select(c => c.String(field)));

    private static string Subjects(JsonObject obj, string kind) =>
        string.Join(", ", obj.Objects("subjects").Where(s => s.String("kind") == kind).Select(s => kind == "ServiceAccount" ? $"{s.String("namespace")}/{s.String("name")}" : s.String("name")));

    private static string Ports(JsonObject obj)
    {
        var ports = obj.Object("spec").Objects("ports").Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Integer("port")}/{p.String("protocol") ?? "TCP"}")).ToList();
        return ports.Count == 0 ? "<none>" : string.Join(",", ports);
    }

    private static string ReadyContainers(JsonObject obj)
    {
        var ready = obj.Object("status")?.Objects("containerStatuses").Count(c => c.Flag("ready")) ?? 0;
        return $"{ready}/{obj.Object("spec").Array("containers")?.Count ?? 0}";
    }
}
