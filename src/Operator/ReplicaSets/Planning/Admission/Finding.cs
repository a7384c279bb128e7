namespace Modestano.Operator.ReplicaSets.Planning.Admission;

/// <summary>What one check found of one member: the planner waits for what failed, status shows all as rows.</summary>
/// <param name="Check">The check's name in CamelCase.</param>
/// <param name="Host">The member.</param>
/// <param name="Passed">Null: not known.</param>
/// <param name="Figure">What was seen, bucketed.</param>
/// <param name="Limit">What is allowed.</param>
/// <param name="Blocker">Why nothing goes on; null where it passed, or is not known.</param>
internal sealed record Finding(string Check, string Host, bool? Passed, string? Figure, string? Limit, Blocker? Blocker)
{
    /// <summary>What to look at although nothing waits for it; null: nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>A check that found something wrong, or nothing wrong.</summary>
    public static Finding Of(string check, string host, string? figure, string? limit, Blocker? blocker) => new(check, host, blocker is null, figure, limit, blocker);

    /// <summary>A check of a figure that may not be known.</summary>
    public static Finding Of(string check, string host, bool? passed, string? figure, string? limit, Func<Blocker> blocker) =>
        new(check, host, passed, figure, limit, passed == false ? blocker() : null);
}
