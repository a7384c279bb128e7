using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Tables;

namespace Modestano.Testbed.KubeApi.Storage;

/// <summary>One kind as one group and version serve it.</summary>
internal sealed record ResourceKind
{
    /// <summary>The verbs that most kinds have.</summary>
    public static readonly IReadOnlyList<string> AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>The API group; empty for the core group.</summary>
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Kind { get; init; }

    public string ListKind { get; init; } = "";

    public required string Plural { get; init; }

    public string Singular { get; init; } = "";

    public bool Namespaced { get; init; } = true;

    /// <summary>Comes from a CustomResourceDefinition.</summary>
    public bool IsCustom { get; init; }

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<string> Verbs { get; init; } = AllVerbs;

    /// <summary>Status is written through <c>/status</c> only.</summary>
    public bool HasStatus { get; init; }

    /// <summary>Where <c>/scale</c> finds its values; null where there is none.</summary>
    public ScalePaths? Scale { get; init; }

    /// <summary>A deletion answers with the object that is gone, not with a Status.</summary>
    public bool ReturnsDeleted { get; init; }

    /// <summary>Subresources besides status and scale.</summary>
    public IReadOnlyList<string> OtherSubresources { get; init; } = [];

    /// <summary>The OpenAPI v3 schema of an object; null where nothing is known about its fields.</summary>
    public JsonObject? Schema { get; init; }

    /// <summary>The schema of a built-in kind, by which unknown fields are found and types are checked; custom kinds have it in their strategy.</summary>
    public Lazy<StructuralSchema>? Structure { get; init; }

    /// <summary>Columns of the Table answer, after the name.</summary>
    public IReadOnlyList<TableColumn> Columns { get; init; } = [];

    /// <summary>The name is no column of its own (events).</summary>
    public bool ColumnsBeginWithoutName { get; init; }

    /// <summary>What is particular to this kind when it is written.</summary>
    public ResourceStrategy Strategy { get; init; } = ResourceStrategy.Plain;

    /// <summary>Fields beyond name and namespace that a field selector may name.</summary>
    public IReadOnlyList<string> SelectableFields { get; init; } = [];

    /// <summary>Where objects are kept: all versions of a kind share one collection.</summary>
    public CollectionKey Collection => StoredIn ?? new(Group, Plural);

    /// <summary>Set where objects are kept under another group (events.k8s.io is a view of core events).</summary>
    public CollectionKey? StoredIn { get; init; }

    /// <summary>Turns a stored object into this version; null where they are the same.</summary>
    public Func<JsonObject, JsonObject>? FromStorage { get; init; }

    /// <summary>Turns an object of this version into what is stored; null where they are the same.</summary>
    public Func<JsonObject, JsonObject>? ToStorage { get; init; }

    public string GroupVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>widgets.example.com</c>, or the plural alone in the core group.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary><c>Widget.example.com</c>, or the kind alone in the core group.</summary>
    public string QualifiedKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    /// <summary>The object as this version shows it; the stored object itself where they are the same.</summary>
    public JsonObject View(StoredObject stored) => FromStorage is null ? stored.Value : FromStorage((JsonObject)stored.Value.DeepClone());
}

/// <summary>Where the objects of a kind are kept.</summary>
internal readonly record struct CollectionKey(string Group, string Plural);

/// <summary>JSON paths such as <c>.spec.replicas</c> behind the scale subresource.</summary>
internal sealed record ScalePaths(string SpecReplicas, string StatusReplicas, string? LabelSelector);
