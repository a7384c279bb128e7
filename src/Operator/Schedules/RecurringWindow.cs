using Cronos;

namespace Modestano.Operator.Schedules;

/// <summary>
/// A window that opens by a cron schedule in a time zone and stays open for a while. The schedule follows the wall clock: what would open in the
/// hour that daylight saving skips opens at its end, and a fixed time in the hour that comes twice opens once. The while is time that passes. Pure.
/// </summary>
internal sealed class RecurringWindow
{
    /// <summary>So far ahead is looked: beyond that nobody waits, and a search must end. A window of every 29 February is not found in most years.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(366);

    private readonly CronExpression _schedule;
    private readonly TimeZoneInfo _zone;
    private readonly TimeSpan _duration;

    private RecurringWindow(CronExpression schedule, TimeZoneInfo zone, TimeSpan duration) => (_schedule, _zone, _duration) = (schedule, zone, duration);

    /// <summary>Reads a window.</summary>
    /// <param name="schedule">Cron with five fields.</param>
    /// <param name="duration">How long it is open.</param>
    /// <param name="timeZone">IANA name; null: UTC.</param>
    /// <param name="mistake">What is wrong, with the field's name first; null: nothing.</param>
    public static RecurringWindow? Read(string schedule, TimeSpan duration, string? timeZone, out string? mistake)
    {
        mistake = null;
        if (!CronExpression.TryParse(schedule, out var expression))
        {
            mistake = $"schedule: '{schedule}' is not cron with five fields (minute, hour, day, month, weekday)";
            return null;
        }

        if (duration < TimeSpan.FromMinutes(1))
        {
            mistake = "duration: at least 1m";
            return null;
        }

        if (timeZone is null)
        {
            return new RecurringWindow(expression, TimeZoneInfo.Utc, duration);
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone))
        {
            mistake = $"timeZone: '{timeZone}' is not known here; write an IANA name as Europe/London";
            return null;
        }

        return new RecurringWindow(expression, zone, duration);
    }

    /// <summary>The end of the latest occurrence that a moment lies in; null: it lies in none.</summary>
    public DateTimeOffset? EndContaining(DateTimeOffset moment)
    {
        // A schedule of every minute with a duration of weeks has thousands of occurrences around a moment: the latest is found near it.
        for (var span = TimeSpan.FromMinutes(1); ; span = span * 8)
        {
            var reach = span < _duration ? span : _duration;
            DateTimeOffset? latest = null;
            foreach (var occurrence in _schedule.GetOccurrences(moment - reach, moment, _zone, fromInclusive: false, toInclusive: true))
            {
                latest = occurrence;
            }

            if (latest is not null || reach == _duration)
            {
                return latest + _duration;
            }
        }
    }

    /// <summary>The first opening after a moment; null: there is none within a year.</summary>
    public DateTimeOffset? NextStart(DateTimeOffset after) =>
        _schedule.GetNextOccurrence(after, _zone, inclusive: false) is { } next && next - after <= Horizon ? next : null;
}
