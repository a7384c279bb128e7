namespace Modestano.Operator.Dns.Planning;

/// <summary>How weights may move now.</summary>
public sealed record ShiftPolicy
{
    /// <summary>Status only; nothing is changed.</summary>
    public bool ObserveOnly { get; init; }

    /// <summary>Why nothing may be started; null: it may.</summary>
    public string? Held { get; init; }

    /// <summary>While held, a change whose outcome is not known may still be confirmed.</summary>
    public bool MayFinish { get; init; }

    /// <summary>Per cent of the traffic that one step may move; null: as much as there is.</summary>
    public int? MaxStepPercent { get; init; }

    /// <summary>Time between steps after INSYNC and TTL.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>One batch, without waiting for a former one (roll-back and evacuation): D2 does not hold, D1 and D5 do.</summary>
    public bool Immediate { get; init; }

    /// <summary>A migration steers, or steered and is gone: its permission is what lets a share rise.</summary>
    public bool Steered { get; init; }

    /// <summary>The migration that steers, or steered; null: none.</summary>
    public string? Migration { get; init; }

    /// <summary>Where a migration steers: no share may rise after this moment, nor at all where it is null.</summary>
    public DateTimeOffset? PermittedUntil { get; init; }
}
