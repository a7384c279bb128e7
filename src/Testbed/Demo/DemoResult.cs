namespace Modestano.Testbed.Demo;

/// <summary>What a demo measured.</summary>
/// <param name="Completed">The migration's phase is Completed.</param>
/// <param name="Total">From the manifests' apply to the end.</param>
/// <param name="Acknowledged">Writes acknowledged by a majority.</param>
/// <param name="Lost">Ids acknowledged and gone.</param>
/// <param name="Failures">Errors that reached the application: writer, reader, DNS clients.</param>
/// <param name="LongestGap">The longest time between two acknowledged writes.</param>
/// <param name="Reads">Reads that found what was acknowledged.</param>
/// <param name="Answers">DNS answers by second, then by region.</param>
/// <param name="Phases">Time in each phase.</param>
/// <param name="Steps">Effects on the outside world, as the outside world counted them: kind and number.</param>
/// <param name="BrokenInvariants">What must never happen and did.</param>
/// <param name="PrimaryRegion">Where the primary is at the end.</param>
/// <param name="Weights">Served weights at the end, old region then new region.</param>
/// <param name="Operator">Processor time and peak resident bytes of the operator's process.</param>
public sealed record DemoResult(
    bool Completed,
    TimeSpan Total,
    int Acknowledged,
    IReadOnlyList<long> Lost,
    IReadOnlyList<string> Failures,
    TimeSpan LongestGap,
    int Reads,
    IReadOnlyDictionary<int, IReadOnlyDictionary<string, int>> Answers,
    IReadOnlyList<(string Phase, TimeSpan Length)> Phases,
    IReadOnlyList<(string Kind, int Count)> Steps,
    IReadOnlyList<string> BrokenInvariants,
    string PrimaryRegion,
    string Weights,
    (TimeSpan Cpu, long PeakBytes) Operator)
{
    /// <summary>Nothing was lost, nothing failed, nothing broke, and the migration is at its end.</summary>
    public bool IsGood => Completed && Lost.Count == 0 && Failures.Count == 0 && BrokenInvariants.Count == 0;
}
