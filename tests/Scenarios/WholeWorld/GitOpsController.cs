using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Modestano.Crds.V1Alpha1;
using Modestano.Testbed.Demo.Manifests;

namespace Modestano.Scenarios.WholeWorld;

/// <summary>How a GitOps controller writes the Git version of an object.</summary>
internal enum ApplyMode
{
    /// <summary>Server-side apply under its own field manager (Flux; Argo CD with ServerSideApply=true).</summary>
    ServerSide,

    /// <summary>Server-side apply under another manager, which takes the fields over.</summary>
    TakeOver,

    /// <summary>A merge patch with the last applied version in an annotation (Argo CD's default, kubectl apply).</summary>
    ClientSide,

    /// <summary>The whole object by PUT, without status (Argo CD with Replace=true, kubectl replace).</summary>
    Replace,
}

/// <summary>Puts back what Git says every second, each time in another way.</summary>
internal sealed class GitOpsController(IKubernetes kubernetes, GitRepository git, string @namespace)
{
    public const string Manager = "gitops";
    public const string SecondManager = "other-gitops";
    public const string ClientSideManager = "kubectl-client-side-apply";
    public const string ReplaceManager = "kubectl-replace";

    private static readonly ApplyMode[] Modes = Enum.GetValues<ApplyMode>();
    private int _rounds;

    /// <summary>Every field manager that it writes as.</summary>
    public static IReadOnlyList<string> Managers { get; } = [Manager, SecondManager, ClientSideManager, ReplaceManager];

    /// <summary>How often it has put everything back.</summary>
    public int Rounds => _rounds;

    /// <summary>Applies everything once.</summary>
    public async Task ApplyAllAsync(ApplyMode mode, CancellationToken cancellationToken = default)
    {
        foreach (var manifest in git.Objects())
        {
            await ApplyAsync(manifest, mode, cancellationToken);
        }
    }

    /// <summary>Until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await ApplyAllAsync(Modes[_rounds++ % Modes.Length], cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private Task ApplyAsync(JsonObject manifest, ApplyMode mode, CancellationToken cancellationToken) => mode switch
    {
        ApplyMode.TakeOver => new ManifestApplier(kubernetes, SecondManager).ApplyAsync(manifest, @namespace, cancellationToken),
        ApplyMode.ClientSide when IsOurs(manifest) => PatchAsync(manifest, cancellationToken),
        ApplyMode.Replace when IsOurs(manifest) => ReplaceAsync(manifest, cancellationToken),
        _ => new ManifestApplier(kubernetes, Manager).ApplyAsync(manifest, @namespace, cancellationToken),
    };

    private Task PatchAsync(JsonObject manifest, CancellationToken cancellationToken)
    {
        var applied = manifest.ToJsonString();
        var patch = manifest.DeepClone().AsObject();
        patch["metadata"]!["annotations"] = new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = applied };
        return kubernetes.CustomObjects.PatchNamespacedCustomObjectAsync(
            new V1Patch(patch.ToJsonString(), V1Patch.PatchType.MergePatch), ApiGroup.Name, ApiGroup.Version, @namespace, Plural(manifest), Name(manifest), fieldManager: ClientSideManager, cancellationToken: cancellationToken);
    }

    private async Task ReplaceAsync(JsonObject manifest, CancellationToken cancellationToken)
    {
        var stored = JsonSerializer.SerializeToNode(await kubernetes.CustomObjects.GetNamespacedCustomObjectAsync(ApiGroup.Name, ApiGroup.Version, @namespace, Plural(manifest), Name(manifest), cancellationToken))!;
        manifest["metadata"]!["resourceVersion"] = (string?)stored["metadata"]!["resourceVersion"];
        try
        {
            await kubernetes.CustomObjects.ReplaceNamespacedCustomObjectAsync(
                JsonSerializer.Deserialize<object>(manifest.ToJsonString())!, ApiGroup.Name, ApiGroup.Version, @namespace, Plural(manifest), Name(manifest), fieldManager: ReplaceManager, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
        {
            // The operator wrote a status in between; the next round replaces it again.
            TestContext.Out.WriteLine($"{Name(manifest)}: {e.Response.Content}");
        }
    }

    private static bool IsOurs(JsonObject manifest) => ((string?)manifest["apiVersion"])?.StartsWith(ApiGroup.Name, StringComparison.Ordinal) == true;

    private static string Plural(JsonObject manifest) => $"{((string?)manifest["kind"])!.ToLowerInvariant()}s";

    private static string Name(JsonObject manifest) => (string)manifest["metadata"]!["name"]!;
}
