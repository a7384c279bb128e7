using System.Globalization;
using System.Text.RegularExpressions;

namespace Modestano.Testbed.KubeApi.Discovery;

/// <summary>Orders versions as Kubernetes prefers them: v2, v1, v1beta2, v1beta1, v1alpha1, then anything else by name.</summary>
internal sealed partial class VersionPriority : IComparer<string>
{
    public static readonly VersionPriority Instance = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (Rank(x ?? ""), Rank(y ?? ""));
        return a == b ? string.CompareOrdinal(x, y) : b.CompareTo(a);
    }

    private static (int Stability, int Major, int Minor) Rank(string version)
    {
        var match = Pattern().Match(version);
        if (!match.Success)
        {
            return (0, 0, 0);
        }

        int Number(string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 0;
        var stability = match.Groups["stage"].Value switch { "" => 3, "beta" => 2, _ => 1 };
        return (stability, Number("major"), Number("minor"));
    }

    [GeneratedRegex(@"^v(?<major>\d{1,6})((?<stage>alpha|beta)(?<minor>\d{1,6}))?$")]
    private static partial Regex Pattern();
}
