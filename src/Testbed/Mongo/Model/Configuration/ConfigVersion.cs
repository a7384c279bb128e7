namespace Modestano.Testbed.Mongo.Model;

/// <summary>Which of two configs is newer: the term counts first, unless one of them was forced (term -1).</summary>
internal readonly record struct ConfigVersion(int Version, long Term) : IComparable<ConfigVersion>
{
    /// <summary>What a member without config says of itself in heartbeats.</summary>
    public static ConfigVersion None { get; } = new(-2, -1);

    public static bool operator <(ConfigVersion left, ConfigVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(ConfigVersion left, ConfigVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(ConfigVersion left, ConfigVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ConfigVersion left, ConfigVersion right) => left.CompareTo(right) >= 0;

    public int CompareTo(ConfigVersion other) =>
        Term != other.Term && Term != -1 && other.Term != -1 ? Term.CompareTo(other.Term) : Version.CompareTo(other.Version);

    public override string ToString() => FormattableString.Invariant($"{{version: {Version}, term: {Term}}}");
}
