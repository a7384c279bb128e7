using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Permissions;

/// <summary>
/// Every role of an installation, next to the code that needs it: <c>modestano-operator roles</c> writes them, <c>make manifests</c> puts them
/// into <c>config/rbac</c> and the chart. The whole-world tests run the operator under exactly these and fail on a refusal and on a verb
/// that nothing used.
/// </summary>
public static class ShippedRoles
{
    private static readonly string[] Kinds = ["mongoreplicasets", "regionmigrations", "weighteddnsrecords"];

    /// <summary>What the operator does in the namespaces that it works in.</summary>
    public static ShippedRole Manager { get; } = new("role", "manager-role", "What the operator may do in the namespaces that it works in: nothing beyond what it does.",
    [
        new(ApiGroup.Name, Kinds, ["get", "list", "watch"], "It watches the three kinds, and reads an object anew before an effect."),
        new(ApiGroup.Name, ["regionmigrations", "weighteddnsrecords"], ["patch"], "For metadata.finalizers only: the operator never writes a spec."),
        new(ApiGroup.Name, [.. Kinds.Select(k => k + "/status")], ["patch", "update"], "Its findings. The patch is for objects that this version cannot read: it sets nothing but two conditions."),
        new("events.k8s.io", ["events"], ["create", "patch"], "Transitions, for people; the patch counts one that comes again."),
    ]);

    /// <summary>The Secrets that specs name: apart from the rest, so that it can be given in the granted namespaces alone.</summary>
    public static ShippedRole Secrets { get; } = new("secrets/role", "secrets-role", "The Secrets that specs name: one in each namespace that MongoDB hosts are granted to, and none elsewhere.",
    [
        new("", ["secrets"], ["get"], "One Secret at a time, by the name that a spec gives; never a list."),
    ])
    { PerNamespace = true };

    /// <summary>For the repair after a restore; nobody has it until it is bound.</summary>
    public static ShippedRole StatusRepair { get; } = new(
        "status_repair_role", "status-repair-role", "For a repair by hand, as after a restore: bind it to a person for that long. No built-in role takes it in, as a status decides what is done next.",
    [
        new(ApiGroup.Name, Kinds, ["get", "list", "watch"], "See what there is."),
        new(ApiGroup.Name, [.. Kinds.Select(k => k + "/status")], ["get", "patch", "update"], "Mend a status by hand."),
    ]);

    /// <summary>The one thing that it reads outside of them.</summary>
    public static ShippedRole ClusterIdentity { get; } = new("cluster_identity_role", "cluster-identity-role", "The one thing that the operator reads outside of the namespaces that it works in.",
    [
        new("", ["namespaces"], ["get"], "Its UID names the cluster in the tag that marks whose members they are.") { Name = "kube-system" },
    ]);

    /// <summary>Leader election.</summary>
    public static ShippedRole LeaderElection { get; } = new("leader_election_role", "leader-election-role", "The lease by which one replica works and the others wait.",
    [
        new("coordination.k8s.io", ["leases"], ["create"], "A create cannot be limited by name."),
        new("coordination.k8s.io", ["leases"], ["get", "update"], "Its own lease and no other.") { Name = "modestano-operator" },
    ])
    { Namespaced = true };

    /// <summary>Who asks for metrics, and may they?</summary>
    public static ShippedRole MetricsAuth { get; } = new("metrics_auth_role", "metrics-auth-role", "Lets the operator ask the API server who scrapes its metrics, and whether they may.",
    [
        new("authentication.k8s.io", ["tokenreviews"], ["create"], "Whose token is it?"),
        new("authorization.k8s.io", ["subjectaccessreviews"], ["create"], "May they get /metrics?"),
    ]);

    /// <summary>For whoever scrapes.</summary>
    public static ShippedRole MetricsReader { get; } = new("metrics_reader_role", "metrics-reader", "For Prometheus: bind it to the service account that scrapes.",
    [
        new("", [], ["get"], "The operator's metrics.") { Paths = ["/metrics"] },
    ]);

    /// <summary>The roles of the operator's own service account.</summary>
    public static IReadOnlyList<ShippedRole> OfTheOperator { get; } = [Manager, Secrets, ClusterIdentity, LeaderElection, MetricsAuth];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ShippedRole> All { get; } = [.. OfTheOperator, MetricsReader, .. ForPeople(), StatusRepair];

    private static IEnumerable<ShippedRole> ForPeople()
    {
        Permission read = new(ApiGroup.Name, Kinds, ["get", "list", "watch"], "Read the three kinds, their status included.");
        yield return new("viewer_role", "viewer-role", "For people who look: the built-in role view has it, and so edit and admin.", [read]) { AggregatesTo = ["view"] };
        yield return new("editor_role", "editor-role", "For people who change: the built-in role edit has it, and so admin.",
        [
            read,
            new(ApiGroup.Name, Kinds, ["create", "delete", "patch", "update"], "Write specs and annotations, hold and roll-back included."),
        ])
        { AggregatesTo = ["edit"] };
        yield return new("admin_role", "admin-role", "For owners of a namespace: the built-in role admin has it.",
        [
            read,
            new(ApiGroup.Name, Kinds, ["create", "delete", "deletecollection", "patch", "update"], "Write, and delete all at once."),
        ])
        { AggregatesTo = ["admin"] };
    }
}
