namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// An electable secondary runs when it has not heard of the primary for the election timeout plus up to 15 % of it, chosen anew each time
/// (<c>replElectionTimeoutOffsetLimitFraction</c>).
/// </summary>
internal sealed class ElectionTimer(MemberProcess process)
{
    private const double OffsetLimitFraction = 0.15;

    private ProcessTimer? timer;

    /// <summary>Monotonic time until which it does not run: frozen, or in its own step-down period.</summary>
    public TimeSpan NotBefore { get; private set; }

    public static TimeSpan RandomOffset(MemberProcess process) =>
        process.Topology.Config!.Settings.ElectionTimeout * (OffsetLimitFraction * process.Random.NextDouble());

    /// <summary>Starts to wait anew: the primary gave a sign of life.</summary>
    public void Restart()
    {
        Cancel();
        var topology = process.Topology;
        if (topology.Config is not { } config || topology.Self is not { IsElectable: true } || topology.IsLeader)
        {
            return;
        }

        timer = process.After(config.Settings.ElectionTimeout + RandomOffset(process), () =>
        {
            Restart();
            process.Elections.Run(ElectionReason.ElectionTimeout);
        });
    }

    public void Cancel() => timer?.Cancel();

    /// <summary>Keeps it from running for a while (<c>replSetFreeze</c>, a step-down).</summary>
    public void HoldFor(TimeSpan duration) => NotBefore = process.Elapsed + duration;

    public void Release() => NotBefore = TimeSpan.Zero;

    public bool IsHeld => process.Elapsed < NotBefore;

    /// <summary>A set with one electable voter has nobody to wait for: it runs at once when it may.</summary>
    public void RunIfAlone()
    {
        if (process.Topology.Config is { Members.Length: 1 } && process.Topology.State == MemberState.Secondary)
        {
            process.Elections.Run(ElectionReason.ElectionTimeout);
        }
    }
}
