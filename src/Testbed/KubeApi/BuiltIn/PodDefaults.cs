using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>The defaults of a pod's specification, alone or as a template (Kubernetes API reference, core/v1 PodSpec).</summary>
internal static class PodDefaults
{
    private static readonly string[] ContainerLists = ["initContainers", "containers"];
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    private static readonly string[] FileVolumes = ["secret", "configMap", "projected", "downwardAPI"];

    public static void ApplyToTemplate(JsonObject? template)
    {
        if (template.Object("spec") is { } pod)
        {
            Apply(pod);
        }
    }

    public static void Apply(JsonObject pod)
    {
        pod["restartPolicy"] ??= "Always";
        pod["terminationGracePeriodSeconds"] ??= 30;
        pod["dnsPolicy"] ??= "ClusterFirst";
        pod["securityContext"] ??= new JsonObject();
        pod["schedulerName"] ??= "default-scheduler";
        if (pod.String("serviceAccountName") is { Length: > 0 } account)
        {
            // The older name of the field goes along.
            pod["serviceAccount"] = account;
        }

        foreach (var container in ContainerLists.SelectMany(pod.Objects))
        {
            Container(container);
        }

        foreach (var volume in pod.Objects("volumes"))
        {
            Volume(volume);
        }
    }

    private static void Container(JsonObject container)
    {
        container["resources"] ??= new JsonObject();
        container["terminationMessagePath"] ??= "/dev/termination-log";
        container["terminationMessagePolicy"] ??= "File";
        container["imagePullPolicy"] ??= IsLatest(container.String("image") ?? "") ? "Always" : "IfNotPresent";
        foreach (var port in container.Objects("ports"))
        {
            port["protocol"] ??= "TCP";
        }

        foreach (var variable in container.Objects("env"))
        {
            Field(variable.Object("valueFrom").Object("fieldRef"));
        }

        foreach (var probe in Probes.Select(container.Object).OfType<JsonObject>())
        {
            Probe(probe);
        }
    }

    private static void Probe(JsonObject probe)
    {
        probe["timeoutSeconds"] ??= 1;
        probe["periodSeconds"] ??= 10;
        probe["successThreshold"] ??= 1;
        probe["failureThreshold"] ??= 3;
        if (probe.Object("httpGet") is { } http)
        {
            http["path"] ??= "/";
            http["scheme"] ??= "HTTP";
        }
    }

    private static void Volume(JsonObject volume)
    {
        foreach (var files in FileVolumes.Select(volume.Object).OfType<JsonObject>())
        {
            files["defaultMode"] ??= 0b110_100_100;
        }

        foreach (var source in volume.Object("projected")?.Objects("sources") ?? [])
        {
            if (source.Object("serviceAccountToken") is { } token)
            {
                token["expirationSeconds"] ??= 3600;
            }

            foreach (var item in source.Object("downwardAPI")?.Objects("items") ?? [])
            {
                Field(item.Object("fieldRef"));
            }
        }
    }

    private static void Field(JsonObject? reference)
    {
        if (reference is not null)
        {
            reference["apiVersion"] ??= "v1";
        }
    }

    // A tag stands behind the last colon, unless that belongs to the port of a registry.
    private static bool IsLatest(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        return !name.Contains('@', StringComparison.Ordinal) && (!name.Contains(':', StringComparison.Ordinal) || name.EndsWith(":latest", StringComparison.Ordinal));
    }
}
