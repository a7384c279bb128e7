using System.Globalization;
using k8s;
using k8s.Models;

namespace Modestano.Operator.Runtime.Events;

/// <summary>Writes Events by <c>events.k8s.io/v1</c>; <c>kubectl describe</c> sees the same objects by <c>core/v1</c>.</summary>
internal class EventSink(IKubernetes kubernetes, RuntimeOptions options)
{
    private const string Controller = "mongo.modestano.io/operator";

    /// <summary>Creates the Event, or counts it.</summary>
    public virtual async Task WriteAsync(EventWrite write, CancellationToken cancellationToken)
    {
        var about = write.Event.About;
        var inNamespace = about.Namespace.Length > 0 ? about.Namespace : "default";
        if (write.Count > 1)
        {
            var time = MicroTime.Of(write.Event.Time).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
            var patch = new V1Patch(new { series = new { count = write.Count, lastObservedTime = time } }, V1Patch.PatchType.MergePatch);
            await kubernetes.EventsV1.PatchNamespacedEventAsync(patch, write.Name, inNamespace, cancellationToken: cancellationToken);
            return;
        }

        await kubernetes.EventsV1.CreateNamespacedEventAsync(
            new Eventsv1Event
            {
                ApiVersion = "events.k8s.io/v1",
                Kind = "Event",
                Metadata = new V1ObjectMeta { Name = write.Name, NamespaceProperty = inNamespace },
                EventTime = MicroTime.Of(write.Event.Time),
                Type = write.Event.Type,
                Reason = write.Event.Reason,
                Action = write.Event.Reason,
                Note = write.Event.Note,
                ReportingController = Controller,
                ReportingInstance = options.Identity.Length > 128 ? options.Identity[..128] : options.Identity,
                Regarding = new V1ObjectReference
                {
                    ApiVersion = about.ApiVersion,
                    Kind = about.Kind,
                    Name = about.Name,
                    NamespaceProperty = about.Namespace.Length > 0 ? about.Namespace : null,
                    Uid = about.Uid,
                },
            },
            inNamespace,
            cancellationToken: cancellationToken);
    }
}
