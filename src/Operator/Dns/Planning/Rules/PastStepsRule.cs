namespace Modestano.Operator.Dns.Planning.Rules;

/// <summary>A step that the service refused not long ago is kept back, and so is one that others keep undoing.</summary>
internal static class PastStepsRule
{
    private static readonly TimeSpan RefusalKept = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DenialKept = TimeSpan.FromSeconds(50);

    /// <summary>The decision as the past leaves it.</summary>
    public static DnsDecision Apply(DnsDecision decision, PastSteps past, DateTimeOffset now)
    {
        // A mark that our own batch should have left is no foreign set.
        if (past.NotAsSent is { } differs && (decision is Stalled { Reason: DnsReasons.NotOurs or DnsReasons.FingerprintDiffers } || (decision is Step && past.IsContested)))
        {
            return new Stalled(DnsReasons.NotAsSent, "Stopped, because what Route 53 serves after our change is not what was sent: find out who or what else writes these record sets (an emulator, another tool), "
                + $"then change the spec to go on, or take them over by spec.adoption. {differs}");
        }

        return (decision, past) switch
        {
            (Step, { IsContested: true }) =>
                new Stalled(DnsReasons.Contested, "Somebody undid the changes of this operator twice within ten minutes, so it has stopped: find who else writes these record sets and stop it, then change the spec to go on"),
            (Step step, { Refused: { } refused }) when refused.Batch == RefusedBatch.NameOf(step) && now - refused.At < Kept(refused) => refused.Meaning,
            _ => decision,
        };
    }

    private static TimeSpan Kept(RefusedBatch refused) => refused.Meaning is Stalled { Reason: DnsReasons.AccessDenied } ? DenialKept : RefusalKept;
}
