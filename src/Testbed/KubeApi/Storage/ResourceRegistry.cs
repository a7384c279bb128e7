using System.Collections.Immutable;

namespace Modestano.Testbed.KubeApi.Storage;

/// <summary>The kinds that are served: built-in ones, and those of established custom resource definitions.</summary>
internal sealed class ResourceRegistry(IEnumerable<ResourceKind> builtIn)
{
    private readonly ImmutableArray<ResourceKind> fixedKinds = [.. builtIn];
    private readonly Lock gate = new();
    private ImmutableDictionary<string, ImmutableArray<ResourceKind>> custom = ImmutableDictionary<string, ImmutableArray<ResourceKind>>.Empty;
    private ImmutableArray<ResourceKind> all = [.. builtIn];

    /// <summary>Called after custom kinds were added, changed or removed; the argument is their definition's name.</summary>
    public event Action<string>? Changed;

    public ImmutableArray<ResourceKind> All => all;

    public ResourceKind? Find(string group, string version, string plural) =>
        All.FirstOrDefault(k => k.Plural == plural && k.Version == version && k.Group == group);

    public ResourceKind? FindByKind(string group, string version, string kind) =>
        All.FirstOrDefault(k => k.Kind == kind && k.Version == version && k.Group == group);

    /// <summary>Any served version of a collection.</summary>
    public ResourceKind? FindByCollection(CollectionKey collection) => All.FirstOrDefault(k => k.Collection == collection && k.StoredIn is null);

    public bool HasGroupVersion(string group, string version) => All.Any(k => k.Group == group && k.Version == version);

    public bool HasBuiltInGroupVersion(string group, string version) => fixedKinds.Any(k => k.Group == group && k.Version == version);

    /// <summary>Serves exactly these versions for a definition; none stops serving it.</summary>
    public void Serve(string definition, ImmutableArray<ResourceKind> kinds)
    {
        lock (gate)
        {
            custom = kinds.IsEmpty ? custom.Remove(definition) : custom.SetItem(definition, kinds);
            all = [.. fixedKinds, .. custom.OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => p.Value)];
        }

        Changed?.Invoke(definition);
    }
}
