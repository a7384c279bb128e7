using k8s;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Testbed.KubeApi;

namespace Modestano.Crds.Tests;

/// <summary>Every folder of the samples by itself, as a person applies it: kubectl, the real definitions, nothing else.</summary>
public sealed class SampleFolderTests
{
    private static readonly string[] Regions = ["eu-west-1", "eu-west-2"];

    private readonly string folder = Directory.CreateTempSubdirectory("modestano-samples-").FullName;
    private KubeApiServer server = null!;

    private static IEnumerable<string> Folders() => Directory.EnumerateFiles(Repository.PathOf("config/samples"), "kustomization.yaml", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.PathOf("config/samples"), Path.GetDirectoryName(file)!))
        .Where(name => name != ".")
        .Order(StringComparer.Ordinal);

    [OneTimeSetUp]
    public async Task Start()
    {
        server = await KubeApiServer.StartAsync(new KubeApiOptions(), CancellationToken.None);
        server.WriteKubeconfig(Path.Combine(folder, "kubeconfig"));
        Kubectl("apply", "--server-side", "-k", Repository.PathOf("config/crd"));
        Kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, true);
    }

    [TestCaseSource(nameof(Folders))]
    public void A_folder_is_applied_and_applied_again_without_a_change(string name)
    {
        var space = name.Replace('/', '-');
        Kubectl("create", "namespace", space);
        var first = Apply(name, space);
        var again = Apply(name, space);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Is.Not.Empty.And.All.EndsWith("created"));
            // kubectl calls every Secret with stringData configured, as the server never gives that field back.
            Assert.That(again.Where(l => !l.StartsWith("secret/", StringComparison.Ordinal)), Is.All.EndsWith("unchanged"));
        }
    }

    [Test]
    public void The_page_tells_of_every_folder()
    {
        var page = Repository.Read("config/samples/README.md");
        Assert.That(Folders().Where(f => !page.Contains($"({f}", StringComparison.Ordinal) && !page.Contains($"samples/{f}\n", StringComparison.Ordinal)), Is.Empty);
    }

    [TestCaseSource(nameof(Regions))]
    public void The_members_on_Kubernetes_are_the_pods_of_their_regions_StatefulSet(string region)
    {
        var set = KubernetesYaml.Deserialize<V1StatefulSet>(Repository.Read($"config/samples/kubernetes-members/{region}/statefulset.yaml"), strict: true);
        var service = KubernetesYaml.Deserialize<V1Service>(Repository.Read($"config/samples/kubernetes-members/{region}/service.yaml"), strict: true);
        var budget = KubernetesYaml.Deserialize<V1PodDisruptionBudget>(Repository.Read($"config/samples/kubernetes-members/{region}/poddisruptionbudget.yaml"), strict: true);
        var spec = KubernetesJson.Deserialize<MongoReplicaSet>(Repository.Documents(Repository.Read("config/samples/kubernetes-members/mongoreplicaset.yaml")).Single().ToJsonString()).Spec;
        var domain = service.Metadata.Annotations["external-dns.alpha.kubernetes.io/hostname"];
        var mongod = set.Spec.Template.Spec.Containers.Single();
        var pod = set.Spec.Template.Spec;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                spec.Regions.Single(r => r.Name == region).Members.Select(m => m.Host),
                Is.EqualTo(Enumerable.Range(0, set.Spec.Replicas!.Value).Select(i => $"{set.Metadata.Name}-{i}.{domain}:{mongod.Ports.Single().ContainerPort}")));
            Assert.That(mongod.Command, Is.SupersetOf(new[] { "--replSet", spec.ReplicaSetName }));
            Assert.That((set.Spec.ServiceName, service.Spec.ClusterIP, service.Spec.PublishNotReadyAddresses), Is.EqualTo((service.Metadata.Name, "None", (bool?)true)));
            foreach (var selector in new[] { service.Spec.Selector, set.Spec.Selector.MatchLabels, budget.Spec.Selector.MatchLabels, pod.TopologySpreadConstraints.Single().LabelSelector.MatchLabels })
            {
                Assert.That(set.Spec.Template.Metadata.Labels, Is.SupersetOf(selector));
            }

            // What is mounted is there, and what is written to is no read-only file system.
            foreach (var container in pod.InitContainers.Concat(pod.Containers))
            {
                Assert.That(container.VolumeMounts.Select(m => m.Name), Is.SubsetOf(pod.Volumes.Select(v => v.Name).Concat(set.Spec.VolumeClaimTemplates.Select(c => c.Metadata.Name))));
                Assert.That(container.SecurityContext.ReadOnlyRootFilesystem, Is.True);
            }
        }
    }

    private string[] Apply(string name, string space) =>
        Kubectl("apply", "--namespace", space, "-k", Repository.PathOf($"config/samples/{name}")).TrimEnd().Split('\n');

    private string Kubectl(params string[] arguments)
    {
        var (exitCode, output, error) = Tool.Try("kubectl", [$"--kubeconfig={folder}/kubeconfig", $"--cache-dir={folder}/cache", .. arguments]);
        Assert.That(exitCode, Is.Zero, $"kubectl {string.Join(' ', arguments)}: {error}");
        return output;
    }
}
