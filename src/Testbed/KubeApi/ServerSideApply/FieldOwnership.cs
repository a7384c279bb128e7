using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.ServerSideApply;

/// <summary>Keeps <c>metadata.managedFields</c> while objects are written.</summary>
internal class FieldOwnership
{
    public virtual void Created(ResourceKind kind, JsonObject obj, WriteOptions options)
    {
    }

    public virtual void Updated(ResourceKind kind, JsonObject old, JsonObject obj, string? subresource, WriteOptions options)
    {
    }
}
