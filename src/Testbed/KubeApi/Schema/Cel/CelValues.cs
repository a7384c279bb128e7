using System.Globalization;
using System.Text;

namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>CEL's null. Values are otherwise bool, long, ulong, double, string, byte[], DateTimeOffset, TimeSpan, <see cref="CelList"/>, <see cref="CelMap"/> and <see cref="CelTypeName"/>.</summary>
internal sealed class CelNull
{
    public static readonly CelNull Value = new();
}

/// <summary>A type as a value.</summary>
internal sealed record CelTypeName(string Name);

/// <summary>A list. Lists of type set and map are equal whatever their order.</summary>
internal sealed record CelList(IReadOnlyList<object> Items, bool IsOrdered = true);

/// <summary>A map, or an object with its fields under CEL's spelling. Values are converted when they are read, so that a rule fails only for what it reads.</summary>
internal sealed record CelMap(IReadOnlyDictionary<object, Lazy<object>> Entries)
{
    public object Get(object key) => Entries.TryGetValue(key, out var value)
        ? value.Value
        : throw new CelException($"no such key: {CelText.Of(key)}");
}

/// <summary>Kinds, equality and order of values.</summary>
internal sealed class CelComparer : IEqualityComparer<object>
{
    public static readonly CelComparer Instance = new();

    public static CelKind KindOf(object value) => value switch
    {
        bool => CelKind.Bool,
        long => CelKind.Int,
        ulong => CelKind.Uint,
        double => CelKind.Double,
        string => CelKind.String,
        byte[] => CelKind.Bytes,
        DateTimeOffset => CelKind.Timestamp,
        TimeSpan => CelKind.Duration,
        CelList => CelKind.List,
        CelMap => CelKind.Map,
        CelTypeName => CelKind.Type,
        _ => CelKind.Null,
    };

    bool IEqualityComparer<object>.Equals(object? x, object? y) => x is not null && y is not null && Same(x, y);

    int IEqualityComparer<object>.GetHashCode(object obj) => obj switch
    {
        // Equal numbers of different types must meet in the same bucket.
        long n => ((double)n).GetHashCode(),
        ulong n => ((double)n).GetHashCode(),
        CelList or CelMap or byte[] => 0,
        _ => obj.GetHashCode(),
    };

    /// <summary>CEL's <c>==</c>: numbers by value, anything else of different types is unequal.</summary>
    public static bool Same(object left, object right) => (left, right) switch
    {
        (CelList a, CelList b) => a.Items.Count == b.Items.Count
            && (a.IsOrdered || b.IsOrdered
                ? a.Items.Zip(b.Items).All(pair => Same(pair.First, pair.Second))
                : a.Items.All(item => b.Items.Any(other => Same(item, other)))),
        (CelMap a, CelMap b) => a.Entries.Count == b.Entries.Count
            && a.Entries.All(e => b.Entries.TryGetValue(e.Key, out var other) && Same(e.Value.Value, other.Value)),
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (long a, ulong b) => a >= 0 && (ulong)a == b,
        (ulong, long) => Same(right, left),
        (double a, long b) => a == b,
        (long a, double b) => a == b,
        (double a, ulong b) => a == b,
        (ulong a, double b) => a == b,
        _ => left.Equals(right),
    };

    /// <summary>Order of two values of one kind.</summary>
    public static int Compare(object left, object right) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b),
        (IComparable a, _) when KindOf(left) == KindOf(right) => a.CompareTo(right),
        _ => throw CelException.NoOverload(),
    };
}

/// <summary>Values as text, as CEL's <c>string()</c> writes them.</summary>
internal static class CelText
{
    public static string Of(object value) => value switch
    {
        string s => s,
        bool b => b ? "true" : "false",
        long or ulong => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        double d => JsonForm.Number(d),
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        DateTimeOffset time => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        TimeSpan duration => GoDuration.Print(duration),
        CelTypeName type => type.Name,
        CelNull => "null",
        _ => throw CelException.NoOverload(),
    };
}
