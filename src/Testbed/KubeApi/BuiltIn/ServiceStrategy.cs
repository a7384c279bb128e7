using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>Services: their defaults, and an address of the cluster, under which nothing answers here.</summary>
internal sealed class ServiceStrategy : ResourceStrategy
{
    private static readonly string[] ChosenByServer = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"];

    public override void ApplyDefaults(JsonObject obj)
    {
        if (obj.Object("spec") is not { } spec)
        {
            return;
        }

        spec["type"] ??= "ClusterIP";
        spec["sessionAffinity"] ??= "None";
        foreach (var port in spec.Objects("ports"))
        {
            port["protocol"] ??= "TCP";
            port["targetPort"] ??= port["port"]?.DeepClone();
        }

        if (spec.String("type") != "ExternalName")
        {
            spec["internalTrafficPolicy"] ??= "Cluster";
        }
    }

    public override void PrepareForCreate(JsonObject obj)
    {
        obj["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        var spec = obj.Ensure("spec");
        if (spec.String("type") == "ExternalName")
        {
            return;
        }

        spec["clusterIP"] ??= AddressOf(obj);
        spec["clusterIPs"] ??= new JsonArray(spec["clusterIP"]!.DeepClone());
        spec["ipFamilies"] ??= new JsonArray("IPv4");
        spec["ipFamilyPolicy"] ??= "SingleStack";
    }

    public override void PrepareForUpdate(JsonObject obj, JsonObject old)
    {
        // What the server chose stays where a replacement does not name it.
        var (spec, stored) = (obj.Ensure("spec"), old.Object("spec") ?? []);
        foreach (var field in ChosenByServer.Where(f => spec[f] is null && stored[f] is not null))
        {
            spec[field] = stored[field]!.DeepClone();
        }
    }

    // The same for the same name, so that runs can be compared.
    private static string AddressOf(JsonObject obj)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{ObjectMeta.Namespace(obj)}/{ObjectMeta.Name(obj)}"));
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"10.96.{hash[0]}.{1 + (hash[1] % 254)}");
    }
}
