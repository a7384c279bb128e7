using System.Text.Json;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>Figures in status are written at most every thirty seconds unless a state changes: the API server is no time series database.</summary>
public static class FigureThrottle
{
    /// <summary>Time between two writes that change figures only.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Which status to write.</summary>
    /// <param name="previous">The status in the API server; null: none.</param>
    /// <param name="next">The status of this pass.</param>
    /// <param name="lastWrite">When a status was last written for the object; null: not known.</param>
    /// <param name="now">Now.</param>
    /// <returns><paramref name="previous"/> where only figures differ and the last write is too recent.</returns>
    public static MongoReplicaSetStatus Choose(MongoReplicaSetStatus? previous, MongoReplicaSetStatus next, DateTimeOffset? lastWrite, DateTimeOffset now) =>
        previous is not null && now - lastWrite < Interval && Same(WithoutFigures(previous), WithoutFigures(next)) ? previous : next;

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
}
