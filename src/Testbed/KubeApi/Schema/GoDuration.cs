using System.Globalization;
using System.Text.RegularExpressions;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>Durations as Go reads them: <c>1h30m</c>, <c>1.5s</c>, <c>-500ms</c>, <c>0</c>. Held in ticks of 100 ns.</summary>
internal static partial class GoDuration
{
    private static readonly Dictionary<string, decimal> TicksPerUnit = new(StringComparer.Ordinal)
    {
        ["ns"] = 0.01m,
        ["us"] = TimeSpan.TicksPerMicrosecond,
        ["µs"] = TimeSpan.TicksPerMicrosecond,
        ["ms"] = TimeSpan.TicksPerMillisecond,
        ["s"] = TimeSpan.TicksPerSecond,
        ["m"] = TimeSpan.TicksPerMinute,
        ["h"] = TimeSpan.TicksPerHour,
    };

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var form = Form().Match(text);
        if (!form.Success)
        {
            return false;
        }

        var ticks = 0m;
        for (var i = 0; i < form.Groups["number"].Captures.Count; i++)
        {
            if (!decimal.TryParse(form.Groups["number"].Captures[i].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || number > long.MaxValue)
            {
                return false;
            }

            ticks += number * TicksPerUnit[form.Groups["unit"].Captures[i].Value];
        }

        // Go counts nanoseconds in 64 bits: about 292 years.
        if (ticks > long.MaxValue / 100m)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)(form.Groups["minus"].Success ? -ticks : ticks));
        return true;
    }

    /// <summary>As CEL's <c>string(duration)</c> writes it: seconds with an <c>s</c>.</summary>
    public static string Print(TimeSpan duration) =>
        ((decimal)duration.Ticks / TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture) + "s";

    [GeneratedRegex(@"^(?:[+]|(?<minus>-))?(?:0|(?:(?<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?<unit>ns|us|µs|ms|s|m|h))+)\z")]
    private static partial Regex Form();
}
