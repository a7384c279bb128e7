using Modestano.Crds.V1Alpha1;
using Modestano.Testbed.Demo.Manifests;
using Modestano.Testbed.Demo.Screen;
using Modestano.Testbed.Demo.Workload;
using MongoDB.Driver;

namespace Modestano.Testbed.Demo;

/// <summary>
/// A whole migration: world, operator process, manifests, workload; watched, measured, judged. The world counts what happened; nothing that
/// the operator says of itself enters the verdict but the migration's phase.
/// </summary>
public sealed class DemoRun(DemoOptions options, IScreen screen, TimeProvider time)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(200);
    private readonly PhaseClock _phases = new();
    private long _peakBytes;
    private TimeSpan _cpu;

    /// <summary>Runs it.</summary>
    /// <returns>What was measured.</returns>
    public async Task<DemoResult> RunAsync(CancellationToken cancellationToken)
    {
        var worldOptions = new WorldOptions { Folder = options.Folder, ConfigFolder = options.ConfigFolder, Seed = options.Seed };
        await using var world = await World.StartAsync(worldOptions, cancellationToken);
        Introduce(world);
        using var client = world.KubernetesClient();
        var samples = Kustomization.Read(Path.Combine(options.ConfigFolder, "samples", "demo"));
        foreach (var change in samples.Changes)
        {
            screen.Say($"  demo overlay: {change}");
        }

        var ledger = new WriteLedger(time);
        var application = new MongoClient(world.ApplicationSettings());
        var reader = new AcknowledgedReader(application, ledger, time);
        var dns = new DnsClients(world.Route53.Dns, SampleNames.Record, SampleNames.Addresses, time);
        using var workload = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] running = [new MajorityWriter(application, ledger).RunAsync(workload.Token), reader.RunAsync(workload.Token), dns.RunAsync(workload.Token)];

        var further = options.Guest is { } guest ? await guest.ArriveAsync(world, cancellationToken) : new Dictionary<string, string>();
        var environment = world.OperatorEnvironment.Concat(further).GroupBy(v => v.Key).ToDictionary(v => v.Key, v => v.Last().Value);
        await using var operatorProcess = OperatorProcess.Start(options.OperatorAssembly, ["run"], environment, Path.Combine(options.Folder, "operator.log"));
        var applier = new ManifestApplier(client, "demo");
        foreach (var manifest in samples.Objects)
        {
            await applier.ApplyAsync(manifest, worldOptions.Namespace, cancellationToken);
        }

        var watcher = new Watcher(client, worldOptions.Namespace, ledger, time);
        var (last, trouble) = await WatchAsync(watcher, operatorProcess, cancellationToken);
        var total = watcher.Elapsed;
        await workload.CancelAsync();
        await Task.WhenAll(running);

        var lost = await MajorityWriter.FindLostAsync(application, ledger.Ids(), cancellationToken);
        var result = Judge(world, last, trouble, total, ledger, reader, dns, lost);
        screen.Rest();
        foreach (var line in DemoSummary.Lines(result))
        {
            screen.Say(line);
        }

        if (options.Guest is not null)
        {
            await options.Guest.LeaveAsync(world, cancellationToken);
        }

        if (options.Hold)
        {
            await HoldAsync(watcher, cancellationToken);
        }

        return result;
    }

    private void Introduce(World world)
    {
        screen.Say($"world       Kubernetes {world.Kubernetes.Url}  Route 53 {world.Route53.Endpoint}  DNS {world.Route53.Dns}");
        screen.Say($"            export KUBECONFIG={world.Kubeconfig}");
        screen.Say("            kubectl get mrs,wdr,rmig      kubectl get rmig -w      kubectl describe mrs marketplace");
        screen.Say($"            AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x aws --region eu-west-1 --endpoint-url {world.Route53.Endpoint.ToString().TrimEnd('/')} route53 list-resource-record-sets --hosted-zone-id {SampleNames.ZoneId}");
        screen.Say($"            dig +short -p {world.Route53.Dns.Port} @{world.Route53.Dns.Address} {SampleNames.Record}");
        screen.Say($"operator    its own process; log in {Path.Combine(options.Folder, "operator.log")}");
    }

    private async Task<(DemoView? Last, string? Trouble)> WatchAsync(Watcher watcher, OperatorProcess operatorProcess, CancellationToken cancellationToken)
    {
        DemoView? view = null;
        while (true)
        {
            view = await watcher.LookAsync(cancellationToken);
            _phases.See(view.Migration?.Status?.Phase, view.Elapsed);
            screen.Show(view);
            if (operatorProcess.Usage is { } usage)
            {
                (_cpu, _peakBytes) = (usage.Cpu, Math.Max(_peakBytes, usage.Bytes));
            }

            if (view.Migration?.Status?.Phase == MigrationPhases.Completed)
            {
                return (view, null);
            }

            if (operatorProcess.HasExited)
            {
                return (view, $"the operator ended with exit code {operatorProcess.ExitCode}; see its log");
            }

            if (view.Elapsed > options.Limit)
            {
                return (view, $"not done after {options.Limit.TotalSeconds:0} s: {view.Phase}, waiting for {view.WaitingFor}");
            }

            await Task.Delay(LookInterval, time, cancellationToken);
        }
    }

    private DemoResult Judge(
        World world, DemoView? last, string? trouble, TimeSpan total, WriteLedger ledger, AcknowledgedReader reader, DnsClients dns, IReadOnlyList<long> lost)
    {
        var weights = WorldFacts.Weights(world);
        var primaryRegion = WorldFacts.PrimaryRegion(world);
        var completed = last?.Migration?.Status?.Phase == MigrationPhases.Completed && primaryRegion == SampleNames.NewRegion && weights == (0, 255);
        var broken = WorldFacts.BrokenInvariants(world).Concat(trouble is null ? [] : [trouble]).ToList();
        return new DemoResult(
            completed, total, ledger.Acknowledged, lost, [.. ledger.Failures, .. dns.Failures], ledger.LongestGap.Length, reader.Reads, dns.Answers,
            _phases.Lengths(total), WorldFacts.Steps(world), broken, primaryRegion ?? "none", $"{weights.Old}/{weights.New}", (_cpu, _peakBytes));
    }

    private async Task HoldAsync(Watcher watcher, CancellationToken cancellationToken)
    {
        screen.Say("holding; Ctrl-C ends");
        while (!cancellationToken.IsCancellationRequested)
        {
            screen.Show(await watcher.LookAsync(CancellationToken.None));
            await Task.Delay(LookInterval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
