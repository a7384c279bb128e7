using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>Events, of which core and events.k8s.io show the same ones in different words.</summary>
internal static class EventKinds
{
    private static readonly string[] Selectable =
    [
        "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
        "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
    ];

    public static IEnumerable<ResourceKind> All() =>
    [
        Kind("") with { Strategy = new EventStrategy() },
        Kind("events.k8s.io") with { StoredIn = new("", "events"), Strategy = new EventStrategy(), FromStorage = EventViews.FromCore, ToStorage = EventViews.ToCore },
    ];

    private static ResourceKind Kind(string group)
    {
        var schema = ModelSchemas.Of(group, "v1", "Event")!;
        return new ResourceKind
        {
            Group = group,
            Version = "v1",
            Kind = "Event",
            ListKind = "EventList",
            Plural = "events",
            Singular = "event",
            ShortNames = ["ev"],
            Columns = EventColumns.All,
            ColumnsBeginWithoutName = true,
            SelectableFields = Selectable,
            Schema = schema,
            Structure = new Lazy<StructuralSchema>(() => StructuralSchema.Parse(schema)),
        };
    }
}
