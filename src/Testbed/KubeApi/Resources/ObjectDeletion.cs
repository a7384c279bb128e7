using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Resources;

/// <summary>Body and query of a DELETE.</summary>
/// <param name="Uid">Only this uid is deleted.</param>
/// <param name="ResourceVersion">Only this state is deleted.</param>
/// <param name="Propagation">Foreground, Background or Orphan; null is Background.</param>
/// <param name="DryRun">Nothing is stored.</param>
internal sealed record DeleteOptions(string? Uid, string? ResourceVersion, string? Propagation, bool DryRun);

/// <summary>Deletes objects, or marks them where finalizers hold them.</summary>
internal sealed class ObjectDeletion(ObjectStore store, TimeProvider time)
{
    /// <returns>The object where it is kept (marked); null where it is gone, which <paramref name="last"/> then shows.</returns>
    public JsonObject? Delete(ResourceKind kind, string? ns, string name, DeleteOptions options, out JsonObject last)
    {
        while (true)
        {
            var current = store.Get(kind.Collection, StoredObject.KeyOf(ns, name)) ?? throw ApiErrors.NotFound(kind, name);
            last = kind.View(current);
            CheckPreconditions(kind, name, last, options);
            var marked = current.Copy();
            ObjectMeta.SetFinalizers(marked, FinalizersFor(marked, options.Propagation));
            kind.Strategy.PrepareForDelete(marked);
            var held = ObjectMeta.Finalizers(marked).Count > 0 || kind.Strategy.IsHeld(marked);
            if (options.DryRun)
            {
                return held ? last : null;
            }

            if (!held)
            {
                if (store.Remove(kind.Collection, current) is not null)
                {
                    return null;
                }

                continue;
            }

            if (!ObjectMeta.IsTerminating(marked))
            {
                var metadata = ObjectMeta.Of(marked);
                metadata["deletionTimestamp"] = ObjectMeta.Time(time.GetUtcNow());
                if (kind.Strategy.CountsDeletion)
                {
                    metadata["deletionGracePeriodSeconds"] = 0;
                }

                if (kind.Strategy is { CountsDeletion: true, CountsGenerations: true })
                {
                    metadata["generation"] = (metadata.Integer("generation") ?? 0) + 1;
                }
            }

            if (JsonNode.DeepEquals(marked, current.Value))
            {
                return last;
            }

            if (store.Replace(kind.Collection, current, marked) is { } stored)
            {
                return kind.View(stored);
            }
        }
    }

    private static List<string> FinalizersFor(JsonObject obj, string? propagation)
    {
        var finalizers = ObjectMeta.Finalizers(obj).ToList();
        var added = propagation switch { "Foreground" => "foregroundDeletion", "Orphan" => "orphan", _ => null };
        if (propagation is not null && !ObjectMeta.IsTerminating(obj))
        {
            finalizers.RemoveAll(f => f is "foregroundDeletion" or "orphan");
        }

        if (added is not null && !finalizers.Contains(added, StringComparer.Ordinal) && !ObjectMeta.IsTerminating(obj))
        {
            finalizers.Add(added);
        }

        return finalizers;
    }

    private static void CheckPreconditions(ResourceKind kind, string name, JsonObject current, DeleteOptions options)
    {
        if (options.Uid is { } uid && uid != ObjectMeta.Uid(current))
        {
            throw ApiErrors.PreconditionFailed(kind, name, "UID", uid, ObjectMeta.Uid(current));
        }

        if (options.ResourceVersion is { } version && version != ObjectMeta.ResourceVersion(current))
        {
            throw ApiErrors.PreconditionFailed(kind, name, "ResourceVersion", version, ObjectMeta.ResourceVersion(current));
        }
    }
}
