using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>What the gates need to know of a replica set at one moment, with exact figures (status has bucketed ones).</summary>
/// <param name="Primary">host:port; null: no primary is known.</param>
/// <param name="Members">The members of the configuration in force.</param>
public sealed record ReplicaSetHealth(string? Primary, IReadOnlyList<MemberFigures> Members);

/// <summary>One member.</summary>
/// <param name="Host">host:port.</param>
/// <param name="Region">The region, from spec or tag.</param>
/// <param name="IsVoter">It has a vote.</param>
/// <param name="IsDataBearing">It is no arbiter.</param>
/// <param name="IsServing">It is healthy and PRIMARY or SECONDARY (an arbiter: healthy).</param>
/// <param name="Lag">Behind the primary; null: unknown.</param>
/// <param name="OplogWindow">Time that its oplog covers; null: unknown.</param>
public sealed record MemberFigures(string Host, string? Region, bool IsVoter, bool IsDataBearing, bool IsServing, TimeSpan? Lag, TimeSpan? OplogWindow)
{
    /// <summary>Applications can read from it, and it is not late on purpose.</summary>
    public bool IsVisible { get; init; } = true;

    /// <summary>Who is connected to it; null: not known, or not asked.</summary>
    public IReadOnlyList<ConnectedApplication>? Applications { get; init; }
}
