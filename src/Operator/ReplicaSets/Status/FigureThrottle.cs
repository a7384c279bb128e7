using System.Text.Json;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>
/// When figures alone are worth a write: the API server is no time series database. While something moves at most every thirty seconds; at rest
/// only a difference that stays, so that a figure at the edge of its bucket is not written to and fro. A state is written at once, with all
/// figures.
/// </summary>
public static class FigureThrottle
{
    /// <summary>Time between two writes that change figures only, while something moves.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>At rest, how long figures have to differ from those in status without a break.</summary>
    public static readonly TimeSpan Persistence = TimeSpan.FromMinutes(10);

    /// <summary>At rest, how old a status may be in which nothing but an oplog's window is too short: it grows by itself, and nobody waits for it.</summary>
    public static readonly TimeSpan Growth = TimeSpan.FromDays(1);

    /// <summary>Which status to write.</summary>
    /// <param name="previous">The status in the API server; null: none.</param>
    /// <param name="next">The status of this pass.</param>
    /// <param name="told">What is known of earlier passes.</param>
    /// <param name="isAtRest">Nothing moves, and no migration waits for anything.</param>
    /// <param name="now">Now.</param>
    /// <returns><paramref name="previous"/> where only figures differ and are not to be written yet.</returns>
    public static FigureChoice Choose(MongoReplicaSetStatus? previous, MongoReplicaSetStatus next, ToldFigures told, bool isAtRest, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (previous is null || !Same(WithoutFigures(previous), WithoutFigures(next)))
        {
            return new FigureChoice(next, null);
        }

        if (!isAtRest)
        {
            return new FigureChoice(now - told.LastWrite < Interval ? previous : next, null);
        }

        if (Same(previous, WithoutGrowth(previous, next)))
        {
            return new FigureChoice(now - told.LastWrite >= Growth ? next : previous, null);
        }

        var since = told.DifferSince ?? now;
        return now - since >= Persistence ? new FigureChoice(next, null) : new FigureChoice(previous, since);
    }

    private static bool Same(MongoReplicaSetStatus one, MongoReplicaSetStatus other) =>
        JsonSerializer.SerializeToUtf8Bytes(one).AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(other));

    private static MongoReplicaSetStatus WithoutFigures(MongoReplicaSetStatus status) => status with
    {
        Summary = status.Summary is null ? null : status.Summary with { WorstLag = null },
        Members = status.Members is null ? null : [.. status.Members.Select(WithoutFigures)],
        Checks = status.Checks is null ? null : [.. status.Checks.Select(c => c with { Value = null })],
    };

    private static MemberStatus WithoutFigures(MemberStatus member) =>
        member with { Lag = null, OplogWindow = null, SyncSource = null, InitialSyncPercent = null, InitialSyncRate = null, InitialSyncEnd = null, Message = null };

    /// <summary>The next status with the shorter windows of the previous one.</summary>
    private static MongoReplicaSetStatus WithoutGrowth(MongoReplicaSetStatus previous, MongoReplicaSetStatus next)
    {
        var windows = (previous.Members ?? []).ToDictionary(m => m.Host, m => m.OplogWindow, StringComparer.Ordinal);
        return next with
        {
            Members = next.Members is null ? null : [.. next.Members.Select(m => m with { OplogWindow = Shorter(m.Host, m.OplogWindow) })],
            Checks = next.Checks is null ? null : [.. next.Checks.Select(c => c is { Name: "OplogWindow", Member: { } host } ? c with { Value = Shorter(host, c.Value) } : c)],
        };

        string? Shorter(string host, string? window) => Buckets.IsLongerWindow(windows.GetValueOrDefault(host), window) ? windows[host] : window;
    }
}

/// <summary>What earlier passes told.</summary>
/// <param name="LastWrite">When a status was last written for the object; null: not known.</param>
/// <param name="DifferSince">Since when, at rest, figures differ from those in status; null: they do not.</param>
public readonly record struct ToldFigures(DateTimeOffset? LastWrite, DateTimeOffset? DifferSince);

/// <summary>What to write.</summary>
/// <param name="Status">The status.</param>
/// <param name="DifferSince">Since when figures differ that still wait for their turn; null: none do.</param>
public readonly record struct FigureChoice(MongoReplicaSetStatus Status, DateTimeOffset? DifferSince);
