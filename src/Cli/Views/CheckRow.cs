namespace Modestano.Cli.Views;

/// <summary>One line of <c>check</c>.</summary>
/// <param name="Object">As <c>MongoReplicaSet shop/marketplace</c>.</param>
/// <param name="Check">What was looked at.</param>
/// <param name="Subject">The member, gate or endpoint; null: the whole object.</param>
/// <param name="Result">Passed, Warning, Unknown or Failed.</param>
/// <param name="Value">The figure; null: none.</param>
/// <param name="Limit">What is allowed; null: nothing to compare with.</param>
/// <param name="Advice">What to do; null: nothing.</param>
internal sealed record CheckRow(string Object, string Check, string? Subject, string Result, string? Value, string? Limit, string? Advice)
{
    public const string Passed = "Passed";
    public const string Warning = "Warning";
    public const string Unknown = "Unknown";
    public const string Failed = "Failed";

    /// <summary>The worst of some rows; of none: Unknown, as nothing was looked at.</summary>
    public static string Worst(IReadOnlyCollection<CheckRow> rows) =>
        rows.Count == 0 ? Unknown : new[] { Failed, Unknown, Warning }.FirstOrDefault(result => rows.Any(r => r.Result == result)) ?? Passed;
}
