using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.ServerSideApply;

/// <summary>
/// A set of fields of an object, as <c>managedFields[].fieldsV1</c> writes it: a tree of path elements
/// (<c>f:name</c>, <c>k:{"name":"a"}</c>, <c>v:"a"</c>) in which a node may itself be a member (<c>.</c>).
/// </summary>
internal sealed class FieldSet
{
    private const string Self = ".";

    private readonly SortedDictionary<string, FieldSet> below = new(StringComparer.Ordinal);

    /// <summary>This very field is in the set, not only something below it.</summary>
    public bool IsMember { get; private set; }

    public bool IsEmpty => !IsMember && below.Count == 0;

    public IReadOnlyDictionary<string, FieldSet> Below => below;

    public static FieldSet FromJson(JsonObject json)
    {
        var set = new FieldSet();
        foreach (var (element, value) in json)
        {
            if (element == Self)
            {
                set.IsMember = true;
                continue;
            }

            var child = FromJson(value as JsonObject ?? []);
            if (child.below.Count == 0)
            {
                child.IsMember = true;
            }

            set.below[element] = child;
        }

        return set;
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (IsMember && below.Count > 0)
        {
            json[Self] = new JsonObject();
        }

        foreach (var (element, child) in below)
        {
            json[element] = child.ToJson();
        }

        return json;
    }

    /// <summary>The node at a path, made where it is absent.</summary>
    public FieldSet At(string element)
    {
        if (!below.TryGetValue(element, out var child))
        {
            below[element] = child = new FieldSet();
        }

        return child;
    }

    public FieldSet? Find(string element) => below.GetValueOrDefault(element);

    public void Include() => IsMember = true;

    public void Remove(string element) => below.Remove(element);

    public FieldSet Union(FieldSet other) => Combine(this, other, (a, b) => a || b);

    public FieldSet Intersection(FieldSet other) => Combine(this, other, (a, b) => a && b);

    public FieldSet Difference(FieldSet other) => Combine(this, other, (a, b) => a && !b);

    /// <summary>
    /// The same set with every field above a member as a member too. List items are not: an item belongs to whom it belongs,
    /// whoever owns fields in it.
    /// </summary>
    public FieldSet WithParents()
    {
        var result = new FieldSet { IsMember = IsMember };
        foreach (var (element, child) in below)
        {
            var made = child.WithParents();
            made.IsMember |= element.StartsWith("f:", StringComparison.Ordinal);
            result.below[element] = made;
        }

        return result;
    }

    /// <summary>Members first, then what is below, as API servers list conflicts.</summary>
    public IEnumerable<IReadOnlyList<string>> Paths() => Paths([]);

    public bool SameAs(FieldSet other) =>
        IsMember == other.IsMember && below.Count == other.below.Count
        && below.All(p => other.below.TryGetValue(p.Key, out var theirs) && p.Value.SameAs(theirs));

    private IEnumerable<IReadOnlyList<string>> Paths(IReadOnlyList<string> prefix)
    {
        foreach (var (element, child) in below)
        {
            if (child.IsMember)
            {
                yield return [.. prefix, element];
            }
        }

        foreach (var (element, child) in below)
        {
            foreach (var path in child.Paths([.. prefix, element]))
            {
                yield return path;
            }
        }
    }

    private static FieldSet Combine(FieldSet? a, FieldSet? b, Func<bool, bool, bool> keep)
    {
        var result = new FieldSet { IsMember = keep(a?.IsMember == true, b?.IsMember == true) };
        foreach (var element in (a?.below.Keys ?? Enumerable.Empty<string>()).Union(b?.below.Keys ?? Enumerable.Empty<string>(), StringComparer.Ordinal))
        {
            var child = Combine(a?.Find(element), b?.Find(element), keep);
            if (!child.IsEmpty)
            {
                result.below[element] = child;
            }
        }

        return result;
    }
}
