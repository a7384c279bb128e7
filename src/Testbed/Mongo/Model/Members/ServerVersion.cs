using System.Globalization;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>A MongoDB release with its wire version.</summary>
/// <param name="Major">Major number, for example 7.</param>
/// <param name="Minor">Minor number, for example 0.</param>
/// <param name="Patch">Patch number.</param>
/// <param name="MaxWireVersion">The <c>maxWireVersion</c> that it announces: 9 for 4.4, 12 for 4.9, 13, 17, 21, 25, 27 for 5.0 to 8.2.</param>
/// <param name="IsPreview">A build from before the release of that number.</param>
public sealed record ServerVersion(int Major, int Minor, int Patch, int MaxWireVersion, bool IsPreview = false)
{
    /// <summary>The first release of 4.4, which has no <c>hello</c>.</summary>
    public static ServerVersion Mongo440 { get; } = new(4, 4, 0, 9);

    public static ServerVersion Mongo44 { get; } = new(4, 4, 29, 9);

    /// <summary>The build that most recordings were made with, of November 2020.</summary>
    public static ServerVersion Mongo49 { get; } = new(4, 9, 0, 12);

    /// <summary>The build that the recordings of arbiters and defaults were made with, of May 2021: 5.0.0 before its release.</summary>
    public static ServerVersion Mongo50Preview { get; } = new(5, 0, 0, 13, IsPreview: true);

    public static ServerVersion Mongo50 { get; } = new(5, 0, 31, 13);

    public static ServerVersion Mongo60 { get; } = new(6, 0, 20, 17);

    public static ServerVersion Mongo70 { get; } = new(7, 0, 16, 21);

    public static ServerVersion Mongo80 { get; } = new(8, 0, 4, 25);

    public static ServerVersion Mongo82 { get; } = new(8, 2, 1, 27);

    /// <summary>The releases that people run, oldest first.</summary>
    public static IReadOnlyList<ServerVersion> Supported { get; } = [Mongo44, Mongo50, Mongo60, Mongo70, Mongo80, Mongo82];

    /// <summary>Feature compatibility version of a fresh member, for example <c>7.0</c>.</summary>
    public string FeatureCompatibility => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    /// <summary>The long-term release before it, whose feature compatibility version its binary still knows.</summary>
    public string LastLts => (Major, Minor) switch
    {
        (4, 4) => "4.2",
        (4, _) or (5, 0) => "4.4",
        (_, 0) => string.Create(CultureInfo.InvariantCulture, $"{Major - 1}.0"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Major}.0"),
    };

    /// <summary>The lowest wire version that a member takes from another while its data is at <see cref="LastLts"/>.</summary>
    public int LastLtsWireVersion => LastLts switch { "4.2" => 8, "4.4" => 9, "5.0" => 13, "6.0" => 17, "7.0" => 21, _ => 25 };

    /// <summary>Whether data of that feature compatibility version can be used with this binary.</summary>
    public bool Knows(string featureCompatibility) => featureCompatibility == FeatureCompatibility || featureCompatibility == LastLts;

    /// <summary>Whether it is of the same series, as 5.0.3 and 5.0.15 are.</summary>
    public bool IsOfSeries(ServerVersion other) => (Major, Minor) == (other.Major, other.Minor);

    /// <summary>Reads a version as release notes write it: <c>5.0</c>, <c>5.0.15</c>, <c>5.0.0-preview</c>; without a wire version.</summary>
    public static ServerVersion Parse(string text)
    {
        var parts = text.Split('-');
        var numbers = parts[0].Split('.').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return new ServerVersion(numbers[0], numbers[1], numbers.Length > 2 ? numbers[2] : 0, 0, parts.Length > 1);
    }

    /// <summary>Whether it is that release or a later one.</summary>
    public bool IsAtLeast(ServerVersion other) =>
        (Major, Minor, Patch, !IsPreview).CompareTo((other.Major, other.Minor, other.Patch, !other.IsPreview)) >= 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");
}
