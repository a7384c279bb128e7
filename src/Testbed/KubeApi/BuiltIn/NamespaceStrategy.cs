using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>Namespaces: the finalizer <c>kubernetes</c> in their specification holds them until they are empty.</summary>
internal sealed class NamespaceStrategy : ResourceStrategy
{
    private static readonly string[] Permanent = ["default", "kube-system", "kube-public", "kube-node-lease"];

    public override void ApplyDefaults(JsonObject obj) =>
        ObjectMeta.Of(obj).Ensure("labels")["kubernetes.io/metadata.name"] = ObjectMeta.Name(obj);

    public override void PrepareForCreate(JsonObject obj)
    {
        obj["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
        obj["status"] = new JsonObject { ["phase"] = "Active" };
    }

    public override void PrepareForUpdate(JsonObject obj, JsonObject old) => obj["spec"] = old["spec"]?.DeepClone();

    public override void PrepareForDelete(JsonObject obj)
    {
        var name = ObjectMeta.Name(obj);
        if (Permanent.Contains(name, StringComparer.Ordinal))
        {
            throw ApiErrors.Forbidden("namespaces", name, "this namespace may not be deleted", new JsonObject { ["name"] = name, ["kind"] = "namespaces" });
        }

        obj.Ensure("status")["phase"] = "Terminating";
    }

    public override bool CountsDeletion => false;

    public override bool IsHeld(JsonObject obj) => obj.Object("spec").Strings("finalizers").Count > 0;
}
