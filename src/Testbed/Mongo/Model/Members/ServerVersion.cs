using System.Globalization;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>A MongoDB release with its wire version.</summary>
/// <param name="Major">Major number, for example 7.</param>
/// <param name="Minor">Minor number, for example 0.</param>
/// <param name="Patch">Patch number.</param>
/// <param name="MaxWireVersion">The <c>maxWireVersion</c> that it announces: 9 for 4.4, 12 for 4.9, 13, 17, 21, 25 for 5.0 to 8.0.</param>
public sealed record ServerVersion(int Major, int Minor, int Patch, int MaxWireVersion)
{
    public static ServerVersion Mongo44 { get; } = new(4, 4, 29, 9);

    /// <summary>The build that the recordings were made with.</summary>
    public static ServerVersion Mongo49 { get; } = new(4, 9, 0, 12);

    public static ServerVersion Mongo50 { get; } = new(5, 0, 31, 13);

    public static ServerVersion Mongo60 { get; } = new(6, 0, 20, 17);

    public static ServerVersion Mongo70 { get; } = new(7, 0, 16, 21);

    public static ServerVersion Mongo80 { get; } = new(8, 0, 4, 25);

    /// <summary>Feature compatibility version of a fresh member, for example <c>7.0</c>.</summary>
    public string FeatureCompatibility => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");

    /// <summary>Whether this release is <paramref name="major"/>.<paramref name="minor"/> or later.</summary>
    public bool IsAtLeast(int major, int minor) => Major > major || (Major == major && Minor >= minor);

    /// <summary>Before SERVER-66050 (4.4.19, 5.0.15, 6.0.5, 6.1).</summary>
    internal bool ConnectsToEveryMemberToFindItself => (Major, Minor) switch
    {
        (4, 4) => Patch < 19,
        (5, 0) => Patch < 15,
        (6, 0) => Patch < 5,
        _ => Major < 6,
    };

    /// <summary>Before SERVER-63512 (5.0.7): a silent member holds the quorum check up for the whole heartbeat timeout (seen).</summary>
    internal bool WaitsForEveryMemberInQuorumChecks => Major < 5 || (Major == 5 && Minor == 0 && Patch < 7);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");
}
