using k8s;
using k8s.Models;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.Runtime;
using Modestano.Scenarios.Dns;
using Modestano.Scenarios.ReplicaSets;
using MongoDB.Bson;

namespace Modestano.Scenarios.Virtual;

/// <summary>An operator process's client of the API server.</summary>
/// <param name="stored">The server's objects.</param>
/// <param name="life">The process.</param>
/// <param name="wrote">Told of this process's own writes: they make no pass due.</param>
/// <param name="faults">What goes wrong on the way.</param>
internal sealed class MortalEntityClient<TEntity>(StoredEntities<TEntity> stored, OperatorLife life, Action<ObjectKey, bool> wrote, CallFaults faults) : IEntityClient<TEntity>
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public Task<TEntity?> GetAsync(ObjectKey key, CancellationToken cancellationToken) => life.ReadAsync(() =>
    {
        faults.Arrive(CallFaults.Get);
        return stored.GetAsync(key, cancellationToken);
    });

    public Task<TEntity> UpdateStatusAsync(TEntity before, TEntity after, CancellationToken cancellationToken) =>
        JsonEqual(before, after)
            ? Task.FromResult(after)
            : life.EffectAsync($"status {after.Kind}/{after.Metadata.Name}", () => StoreAsync(before, after, cancellationToken));

    private Task<TEntity> StoreAsync(TEntity before, TEntity after, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Of(after);
        faults.Arrive(CallFaults.StatusWrite);
        wrote(key, true);
        try
        {
            var written = stored.UpdateStatusAsync(before, after, cancellationToken);
            faults.Return(CallFaults.StatusWrite);
            return written;
        }
        finally
        {
            wrote(key, false);
        }
    }

    private static bool JsonEqual(TEntity one, TEntity other) => StoredEntities<TEntity>.SameStatus(one, other);
}

/// <summary>An operator process's connections to the members.</summary>
internal sealed class MortalMemberCalls(SimulatedMemberCalls calls, OperatorLife life) : IMemberCalls
{
    public Task<(BsonDocument Reply, TimeSpan Elapsed)> RunAsync(
        ReplicaSetTarget target, string host, string database, BsonDocument command, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var name = command.GetElement(0).Name;
        Task<(BsonDocument Reply, TimeSpan Elapsed)> Call() => calls.RunAsync(target, host, database, command, deadline, cancellationToken);
        return name is "replSetReconfig" or "replSetStepDown" or "replSetInitiate" ? life.EffectAsync(name, Call) : life.ReadAsync(Call);
    }

    public void Begin(ObjectKey set) => calls.Begin(set);

    public TimeSpan? RoundTrip(ReplicaSetTarget target, string host) => calls.RoundTrip(target, host);

    public void Rest(ObjectKey set, string? host)
    {
    }

    public void Forget(ObjectKey set)
    {
    }
}
