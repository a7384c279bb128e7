using System.Globalization;
using System.Text.Json.Nodes;

namespace Modestano.Testbed.KubeApi.Tables;

/// <summary>Ages as kubectl users know them: <c>5m</c>, <c>3h20m</c>, <c>12d</c>.</summary>
internal static class Ages
{
    /// <summary>A date cell: the age of an RFC 3339 time; <c>&lt;invalid&gt;</c> for the future; null where there is none.</summary>
    public static JsonNode? Cell(string? time, DateTimeOffset now)
    {
        if (time is null)
        {
            return null;
        }

        return DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? JsonValue.Create(Text(now - instant))
            : JsonValue.Create("<invalid>");
    }

    /// <summary>At most two units, the second only while it matters.</summary>
    public static string Text(TimeSpan age)
    {
        var seconds = (long)Math.Truncate(age.TotalSeconds);
        if (seconds < -1)
        {
            return "<invalid>";
        }

        if (seconds < 0)
        {
            return "0s";
        }

        var (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
        return seconds switch
        {
            < 120 => $"{seconds}s",
            < 600 => Two(minutes, "m", seconds % 60, "s"),
            < 3 * 3600 => $"{minutes}m",
            < 8 * 3600 => Two(hours, "h", minutes % 60, "m"),
            < 48 * 3600 => $"{hours}h",
            < 8 * 86400 => Two(days, "d", hours % 24, "h"),
            < 2 * 365 * 86400L => $"{days}d",
            < 8 * 365 * 86400L => Two(days / 365, "y", days % 365, "d"),
            _ => $"{days / 365}y",
        };
    }

    private static string Two(long first, string firstUnit, long second, string secondUnit) =>
        second == 0 ? $"{first}{firstUnit}" : $"{first}{firstUnit}{second}{secondUnit}";
}
