using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.ServerSideApply;

/// <summary>Sets <c>metadata.managedFields</c> when an object is complete and about to be stored.</summary>
internal abstract class FieldOwnership
{
    /// <summary>Leaves managedFields as they are, for writes that have set them already.</summary>
    public static readonly FieldOwnership AlreadySet = new Kept();

    public abstract void Created(ResourceKind kind, JsonObject obj, WriteOptions options);

    public abstract void Updated(ResourceKind kind, JsonObject old, JsonObject obj, string? subresource, WriteOptions options);

    private sealed class Kept : FieldOwnership
    {
        public override void Created(ResourceKind kind, JsonObject obj, WriteOptions options)
        {
        }

        public override void Updated(ResourceKind kind, JsonObject old, JsonObject obj, string? subresource, WriteOptions options)
        {
        }
    }
}
