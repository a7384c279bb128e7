using Modestano.Testbed.KubeApi.CustomResources;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>The built-in kinds that an operator, its chart and its samples need. They are stored and served; nothing runs behind them.</summary>
internal static class BuiltInKinds
{
    private static readonly ResourceStrategy WithGeneration = new GenerationStrategy();

    // Made once a process: reading the schemas of so many types takes a moment.
    private static readonly Lazy<IReadOnlyList<ResourceKind>> Made = new(Make);

    public static IReadOnlyList<ResourceKind> All => Made.Value;

    private static IReadOnlyList<ResourceKind> Make() =>
    [
        Core("Namespace", "namespaces", "ns") with { Namespaced = false, HasStatus = true, Strategy = new NamespaceStrategy(), SelectableFields = ["status.phase"], Verbs = [.. ResourceKind.AllVerbs.Where(v => v != "deletecollection")] },
        Core("Secret", "secrets") with { SelectableFields = ["type"], Strategy = new SecretStrategy() },
        Core("ConfigMap", "configmaps", "cm") with { Strategy = new ConfigMapStrategy() },
        Core("ServiceAccount", "serviceaccounts", "sa") with { OtherSubresources = ["token"], ReturnsDeleted = true },
        Core("Service", "services", "svc") with { HasStatus = true, Categories = ["all"], Strategy = new ServiceStrategy(), ReturnsDeleted = true },
        Core("Pod", "pods", "po") with { HasStatus = true, Categories = ["all"], SelectableFields = ["status.phase", "spec.nodeName"], Strategy = new PodStrategy(), OtherSubresources = PodStreams.Names, ReturnsDeleted = true },
        Core("Endpoints", "endpoints", "ep"),
        Core("ResourceQuota", "resourcequotas", "quota") with { HasStatus = true, ReturnsDeleted = true },
        Core("LimitRange", "limitranges", "limits"),
        Core("PersistentVolumeClaim", "persistentvolumeclaims", "pvc") with { HasStatus = true, ReturnsDeleted = true },
        Grouped("apps", "v1", "Deployment", "deployments", "deploy") with { HasStatus = true, Categories = ["all"], Strategy = new DeploymentStrategy(DeploymentStrategy.DefaultsOfDeployment), Scale = new ScalePaths(".spec.replicas", ".status.replicas", ".spec.selector.matchLabels") },
        Grouped("apps", "v1", "ReplicaSet", "replicasets", "rs") with { HasStatus = true, Categories = ["all"], Strategy = WithGeneration },
        Grouped("apps", "v1", "StatefulSet", "statefulsets", "sts") with { HasStatus = true, Categories = ["all"], Strategy = new DeploymentStrategy(DeploymentStrategy.DefaultsOfStatefulSet) },
        Grouped("apps", "v1", "DaemonSet", "daemonsets", "ds") with { HasStatus = true, Categories = ["all"], Strategy = new DeploymentStrategy(DeploymentStrategy.DefaultsOfDaemonSet) },
        Grouped("batch", "v1", "Job", "jobs") with { HasStatus = true, Categories = ["all"] },
        Grouped("batch", "v1", "CronJob", "cronjobs", "cj") with { HasStatus = true, Categories = ["all"] },
        Grouped("coordination.k8s.io", "v1", "Lease", "leases") with { Strategy = new LeaseStrategy() },
        Grouped("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb") with { HasStatus = true, Strategy = WithGeneration },
        Grouped("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", "netpol") with { Strategy = new PlainDefaults(PlainDefaults.NetworkPolicy, countsGenerations: true) },
        Grouped("networking.k8s.io", "v1", "Ingress", "ingresses", "ing") with { HasStatus = true, Strategy = WithGeneration },
        Grouped("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", "pc") with { Namespaced = false, Strategy = new PlainDefaults(PlainDefaults.PriorityClass) },
        Grouped("rbac.authorization.k8s.io", "v1", "Role", "roles"),
        Grouped("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
        Grouped("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles") with { Namespaced = false },
        Grouped("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings") with { Namespaced = false },
        Grouped("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", "crd", "crds") with
        {
            Namespaced = false, HasStatus = true, Categories = ["api-extensions"], Strategy = new DefinitionStrategy(),
        },
        .. EventKinds.All(),
    ];

    private static ResourceKind Core(string kind, string plural, params string[] shortNames) => Grouped("", "v1", kind, plural, shortNames);

    private static ResourceKind Grouped(string group, string version, string kind, string plural, params string[] shortNames)
    {
        var schema = ModelSchemas.Of(group, version, kind) ?? throw new InvalidOperationException($"KubernetesClient has no model of {group}/{version} {kind}");
        return new ResourceKind
        {
            Group = group,
            Version = version,
            Kind = kind,
            ListKind = kind + "List",
            Plural = plural,
            Singular = kind.ToLowerInvariant(),
            ShortNames = shortNames,
            Columns = BuiltInColumns.Of(kind),
            Schema = schema,
            Structure = new Lazy<StructuralSchema>(() => StructuralSchema.Parse(schema)),
        };
    }

    private sealed class GenerationStrategy : ResourceStrategy
    {
        public override bool CountsGenerations => true;
    }
}
