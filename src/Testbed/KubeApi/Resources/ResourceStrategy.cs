using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Schema;

namespace Modestano.Testbed.KubeApi.Resources;

/// <summary>What is particular to a kind when it is written. The steps run in the order in which they are declared.</summary>
internal class ResourceStrategy
{
    /// <summary>Nothing particular.</summary>
    public static readonly ResourceStrategy Plain = new();

    /// <summary>A PUT without a resourceVersion replaces whatever is stored.</summary>
    public virtual bool AllowsUnconditionalUpdate => true;

    /// <summary>A PUT of an object that does not exist creates it.</summary>
    public virtual bool AllowsCreateOnUpdate => false;

    /// <summary>metadata.generation counts changes of the specification.</summary>
    public virtual bool CountsGenerations => false;

    /// <summary>Removes fields that the kind does not have.</summary>
    /// <returns>Their paths, such as <c>spec.bogus</c>.</returns>
    public virtual IReadOnlyList<string> Prune(JsonObject obj) => [];

    public virtual void ApplyDefaults(JsonObject obj)
    {
    }

    public virtual void PrepareForCreate(JsonObject obj)
    {
    }

    public virtual void PrepareForUpdate(JsonObject obj, JsonObject old)
    {
    }

    /// <summary>Runs on an object that is to be deleted, before it is decided whether something holds it.</summary>
    public virtual void PrepareForDelete(JsonObject obj)
    {
    }

    /// <summary>An object that deletion only marks gets a grace period of 0 and a new generation.</summary>
    public virtual bool CountsDeletion => true;

    /// <summary>Something other than finalizers in metadata keeps a deleted object (a namespace's contents).</summary>
    public virtual bool IsHeld(JsonObject obj) => false;

    /// <param name="obj">The object as it would be stored.</param>
    /// <param name="old">The object as it is stored; null for a creation.</param>
    /// <param name="statusOnly">The write goes to <c>/status</c>.</param>
    public virtual IReadOnlyList<FieldError> Validate(JsonObject obj, JsonObject? old, bool statusOnly) => [];

    /// <summary>As the other; <paramref name="metadataBlocksRules"/> says that the metadata already is so wrong that rules are not run.</summary>
    public virtual IReadOnlyList<FieldError> Validate(JsonObject obj, JsonObject? old, bool statusOnly, bool metadataBlocksRules) => Validate(obj, old, statusOnly);
}
