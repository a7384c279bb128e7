namespace Modestano.Testbed.KubeApi.Schema.Cel;

internal enum CelKind
{
    /// <summary>Known only when the rule runs.</summary>
    Dyn,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Null,
    Timestamp,
    Duration,
    List,
    Map,

    /// <summary>An object with declared fields.</summary>
    Object,

    /// <summary>A type as a value: what <c>type(x)</c> gives.</summary>
    Type,
}

/// <summary>A type that the checker knows.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Element">Of a list its items', of a map its values' type.</param>
/// <param name="Fields">Of an object, by name as CEL spells it.</param>
internal sealed record CelType(CelKind Kind, CelType? Element = null, IReadOnlyDictionary<string, CelType>? Fields = null)
{
    public static CelType Dyn { get; } = new(CelKind.Dyn);

    public static CelType Bool { get; } = new(CelKind.Bool);

    public static CelType Int { get; } = new(CelKind.Int);

    public static CelType Double { get; } = new(CelKind.Double);

    public static CelType String { get; } = new(CelKind.String);

    public static CelType Of(CelKind kind) => new(kind, kind is CelKind.List or CelKind.Map ? Dyn : null);

    public static CelType ListOf(CelType element) => new(CelKind.List, element);

    public static CelType MapOf(CelType values) => new(CelKind.Map, values);

    /// <summary>True: a value of one may be compared with, or stand for, a value of the other.</summary>
    public bool Fits(CelType other) =>
        Kind == CelKind.Dyn || other.Kind == CelKind.Dyn || (Kind == other.Kind && (Element is null || other.Element is null || Element.Fits(other.Element)));

    /// <summary>The type of either of two values.</summary>
    public CelType Join(CelType other) => Kind == other.Kind && Fits(other) ? (Element?.Kind == CelKind.Dyn ? other : this) : Dyn;

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        CelKind.List => $"list({Element})",
        CelKind.Map => $"map(string, {Element})",
        CelKind.Timestamp => "timestamp",
        CelKind.Duration => "duration",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}
