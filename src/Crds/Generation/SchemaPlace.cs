namespace Modestano.Crds.Generation;

/// <summary>Where in an object a value is: that decides which bounds it needs and whether it may have a default.</summary>
/// <param name="IsSpec">People write it: every size must be bounded, so that CEL rules have a bounded cost.</param>
/// <param name="IsInList">Below a list item: defaults there keep GitOps tools out of sync.</param>
internal readonly record struct SchemaPlace(bool IsSpec, bool IsInList)
{
    public static SchemaPlace Spec => new(true, false);

    public static SchemaPlace Status => new(false, false);
}
