using System.Collections.Concurrent;
using System.Globalization;
using k8s;
using k8s.Models;
using Modestano.Operator.Runtime.Events;
using Modestano.Operator.Runtime.Informers;

namespace Modestano.Operator.Runtime.Hosting;

/// <summary>
/// Makes an object that cannot be deserialised visible on the object itself, by an Event and by conditions: a newer CRD, or a write past the
/// schema, looks like that. Once for each generation, as its own write brings the object back here.
/// </summary>
internal class UnreadableReport<TEntity>(IKubernetes kubernetes, IEventRecorder events, TimeProvider time, ILogger<UnreadableReport<TEntity>> logger)
    : ILeadershipListener
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    private static readonly EntityKind Kind = EntityKind.Of<TEntity>();

    private readonly ConcurrentDictionary<ObjectKey, (string Uid, long Generation)> _reported = new();

    /// <summary>Reports it, unless this generation has been reported.</summary>
    public async Task ReportAsync(ReadObject<TEntity> broken, CancellationToken cancellationToken)
    {
        if (_reported.TryGetValue(broken.Key, out var reported) && reported == (broken.Uid, broken.Generation))
        {
            return;
        }

        _reported[broken.Key] = (broken.Uid, broken.Generation);
        var message = $"This version of the operator cannot read the object and leaves it alone until it changes: {broken.Error}";
        events.Warning(ObjectReference.To(Kind, broken.Key, broken.Uid), RuntimeReasons.Unreadable, message);
        try
        {
            await WriteConditionsAsync(broken, OneLine.Of(message, ConditionList.MessageLength), cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // What makes the object unreadable may make every write to it invalid, too: then the Event has to do.
            logger.LogWarning(
                "{Kind} {Key}: the condition that it is unreadable could not be written: {Error}",
                Kind.Kind, broken.Key, ApiRefusedException.Describe(e));
        }
    }

    /// <summary>Forgets an object that is gone.</summary>
    public void Forget(ObjectKey key) => _reported.TryRemove(key, out _);

    /// <inheritdoc/>
    public void StoppedLeading() => _reported.Clear();

    /// <summary>Server-side apply touches nothing but these conditions; whoever can read the object replaces them with its next status.</summary>
    protected virtual Task WriteConditionsAsync(ReadObject<TEntity> broken, string message, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        object Condition(string type, string status) =>
            new { type, status, observedGeneration = broken.Generation, lastTransitionTime = now, reason = RuntimeReasons.Unreadable, message };
        var patch = new V1Patch(
            new
            {
                apiVersion = Kind.ApiVersion,
                kind = Kind.Kind,
                metadata = new { name = broken.Key.Name, @namespace = broken.Key.Namespace, uid = broken.Uid },
                status = new { conditions = new[] { Condition("Ready", "False"), Condition("Stalled", "True") } },
            },
            V1Patch.PatchType.ApplyPatch);
        return kubernetes.CustomObjects.PatchNamespacedCustomObjectStatusAsync(
            patch, Kind.Group, Kind.Version, broken.Key.Namespace, Kind.Plural, broken.Key.Name,
            fieldManager: "modestano-operator-unreadable", force: true, cancellationToken: cancellationToken);
    }
}
