namespace Modestano.Crds.Schema;

/// <summary>A list whose items are told apart by a key (<c>x-kubernetes-list-type: map</c>).</summary>
/// <param name="key">The JSON name of the key property; it is required in each item.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListMapAttribute(string key) : Attribute
{
    /// <summary>The JSON name of the key property.</summary>
    public string Key { get; } = key;
}
