using System.Text.Json.Nodes;
using k8s;
using Modestano.Testbed.Demo;
using Modestano.Testbed.Demo.Manifests;
using Modestano.Testbed.Demo.Workload;
using MongoDB.Driver;

namespace Modestano.Testbed.MigrationBench;

/// <summary>The samples' migration by a script with perfect knowledge, then by the operator, each in a world of its own under the same writer.</summary>
public sealed class MigrationBenchRun(MigrationBenchOptions options, TimeProvider time, Action<string> say)
{
    private const string Zero = "0s";

    /// <summary>Measures both.</summary>
    /// <returns>Whether both came to the end and nothing was lost.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        say(options.Backends.ToString());
        var script = await RunScriptAsync(cancellationToken);
        say(script.ToString());
        var operators = await RunOperatorAsync(cancellationToken);
        say(operators.ToString());
        say(MigrationTiming.Compare(operators, script));
        return script.Lost + operators.Lost == 0;
    }

    private async Task<MigrationTiming> MeasureAsync(string who, World world, Func<CancellationToken, Task> carryOut, CancellationToken cancellationToken)
    {
        using var watching = new MemberAdmin(world);
        var ledger = new WriteLedger(time);
        var application = new MongoClient(world.ApplicationSettings());
        using var workload = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = new MajorityWriter(application, ledger).RunAsync(workload.Token);
        while (ledger.Acknowledged < 10)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Limit);
        ledger.ForgetGap();
        var watch = new MilestoneWatch(world, watching, time);
        var watched = watch.RunAsync(limit.Token);
        try
        {
            await carryOut(limit.Token);
            await watched;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"{who}: not done after {options.Limit.TotalSeconds:0} s; reached: {string.Join(", ", watch.Reached.Keys)}; see {options.Folder}");
        }

        await workload.CancelAsync();
        await writing;
        var lost = await MajorityWriter.FindLostAsync(application, ledger.Ids(), cancellationToken);
        ClusterRegistry.Instance.UnregisterAndDisposeCluster(application.Cluster);
        return new MigrationTiming(who, watch.Reached, watch.Reconfigs, ledger.LongestGap.Length, ledger.Acknowledged, lost.Count, ledger.Failures.Count);
    }

    private async Task<MigrationTiming> RunScriptAsync(CancellationToken cancellationToken)
    {
        await using var world = await World.StartAsync(Options("script"), cancellationToken);
        using var admin = new MemberAdmin(world);
        return await MeasureAsync("script", world, token => new PerfectScript(world, admin, time).RunAsync(token), cancellationToken);
    }

    // The process leads before the manifests are there, as an installed operator does: its start is measured by the other bench.
    private async Task<MigrationTiming> RunOperatorAsync(CancellationToken cancellationToken)
    {
        var worldOptions = Options("operator");
        await using var world = await World.StartAsync(worldOptions, cancellationToken);
        using var client = world.KubernetesClient();
        await using var process = OperatorProcess.Start(options.OperatorAssembly, ["run"], world.OperatorEnvironment, Path.Combine(worldOptions.Folder, "operator.log"));
        await UntilItLeadsAsync(client, process, cancellationToken);
        return await MeasureAsync("operator", world, token => ApplyAsync(client, world, worldOptions.Namespace, token), cancellationToken);
    }

    private async Task ApplyAsync(IKubernetes client, World world, string inNamespace, CancellationToken cancellationToken)
    {
        var applier = new ManifestApplier(client, "bench");
        foreach (var manifest in Manifests(world))
        {
            await applier.ApplyAsync(manifest, inNamespace, cancellationToken);
        }
    }

    private async Task UntilItLeadsAsync(IKubernetes client, OperatorProcess process, CancellationToken cancellationToken)
    {
        while ((await client.CoordinationV1.ListNamespacedLeaseAsync(PreparedCluster.OperatorNamespace, cancellationToken: cancellationToken)).Items.All(l => l.Spec?.HolderIdentity is null or ""))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException($"the operator ended with exit code {process.ExitCode}; see its log in {options.Folder}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
    }

    private WorldOptions Options(string who) => new()
    {
        Folder = Path.Combine(options.Folder, who),
        ConfigFolder = options.ConfigFolder,
        Seed = options.Seed,
        Backends = options.Backends with { Route53 = null },
    };

    /// <summary>The samples at this world's addresses, with every wait and hold at zero.</summary>
    private IEnumerable<JsonObject> Manifests(World world)
    {
        foreach (var sample in Kustomization.Read(Path.Combine(options.ConfigFolder, "samples", "demo")).Objects)
        {
            var text = sample.ToJsonString();
            foreach (var region in new[] { SampleNames.OldRegion, SampleNames.NewRegion })
            {
                foreach (var (name, host) in SampleNames.Members(region).Zip(world.Members(region)))
                {
                    text = text.Replace(name, host, StringComparison.Ordinal);
                }
            }

            var manifest = JsonNode.Parse(text)!.AsObject();
            var spec = manifest["spec"];
            if (spec?["reconfiguration"] is JsonObject reconfiguration)
            {
                reconfiguration["stabilizationWindow"] = Zero;
            }

            if (spec?["shift"] is JsonObject shift)
            {
                (shift["interval"], shift["maxStepPercent"]) = (Zero, 100);
            }

            if (spec?["ttl"] is not null)
            {
                spec["ttl"] = 0;
            }

            foreach (var step in (spec?["trafficSteps"] as JsonArray ?? []).OfType<JsonObject>())
            {
                step["hold"] = Zero;
            }

            yield return manifest;
        }
    }
}
