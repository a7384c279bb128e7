using k8s;
using k8s.Models;
using Modestano.Operator.Runtime.Events;
using Modestano.Operator.Runtime.Informers;

namespace Modestano.Operator.Runtime.Hosting;

/// <summary>Makes an object that cannot be deserialised visible on the object itself: a newer CRD, or a write past the schema, looks like that.</summary>
internal sealed class UnreadableReport<TEntity>(IEventRecorder events)
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly EntityKind Kind = EntityKind.Of<TEntity>();

    public Task ReportAsync(ReadObject<TEntity> broken, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        events.Warning(
            ObjectReference.To(Kind, broken.Key, broken.Uid),
            "Unreadable",
            $"This version of the operator cannot read the object and leaves it alone until it changes: {broken.Error}");
        return Task.CompletedTask;
    }
}
