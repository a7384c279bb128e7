using Modestano.Operator.Schedules;

namespace Modestano.Operator.Tests.Schedules;

/// <summary>Windows by the wall clock, on the days on which it is set forward and back. London 2026: 29 March and 25 October, both at 01:00 UTC.</summary>
[TestFixture]
public sealed class RecurringWindowTests
{
    [TestCase("0 22 * * 1-5", 6, "2026-01-05T21:59:59Z", null, TestName = "Before_it_opens_it_is_closed")]
    [TestCase("0 22 * * 1-5", 6, "2026-01-05T22:00:00Z", "2026-01-06T04:00:00Z", TestName = "In_winter_it_opens_by_winter_time")]
    [TestCase("0 22 * * 1-5", 6, "2026-01-06T03:59:59Z", "2026-01-06T04:00:00Z", TestName = "It_stays_open_past_midnight")]
    [TestCase("0 22 * * 1-5", 6, "2026-01-06T04:00:00Z", null, TestName = "At_its_end_it_is_closed")]
    [TestCase("0 22 * * 1-5", 6, "2026-07-06T21:00:00Z", "2026-07-07T03:00:00Z", TestName = "In_summer_it_opens_by_summer_time")]
    [TestCase("0 22 * * 1-5", 6, "2026-01-10T22:30:00Z", null, TestName = "On_a_saturday_it_does_not_open")]
    [TestCase("0 22 * * *", 6, "2026-03-29T03:59:59Z", "2026-03-29T04:00:00Z", TestName = "A_night_that_loses_an_hour_has_the_same_length")]
    [TestCase("0 22 * * *", 6, "2026-10-25T02:59:59Z", "2026-10-25T03:00:00Z", TestName = "A_night_that_wins_an_hour_has_the_same_length")]
    [TestCase("30 1 * * *", 1, "2026-03-29T00:59:59Z", null, TestName = "What_would_open_in_the_hour_that_is_skipped_waits_for_its_end")]
    [TestCase("30 1 * * *", 1, "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z", TestName = "What_would_open_in_the_hour_that_is_skipped_opens_at_its_end")]
    [TestCase("30 1 * * *", 1, "2026-10-25T00:45:00Z", "2026-10-25T01:30:00Z", TestName = "In_the_hour_that_comes_twice_it_opens_the_first_time")]
    [TestCase("30 1 * * *", 1, "2026-10-25T01:45:00Z", null, TestName = "In_the_hour_that_comes_twice_it_opens_once")]
    [TestCase("0 0 1 * *", 744, "2026-02-28T12:00:00Z", "2026-03-04T00:00:00Z", TestName = "A_long_one_is_found_from_far_away")]
    [TestCase("* * * * *", 744, "2026-01-05T12:00:30Z", "2026-02-05T12:00:00Z", TestName = "Of_many_that_overlap_the_latest_counts")]
    public void It_is_open(string schedule, int hours, string moment, string? end) =>
        Assert.That(Window(schedule, TimeSpan.FromHours(hours), "Europe/London").EndContaining(At(moment)), end is null ? Is.Null : Is.EqualTo(At(end ?? moment)));

    [TestCase("0 22 * * 0", "2026-03-23T12:00:00Z", "2026-03-29T21:00:00Z", TestName = "The_next_one_is_told_across_the_change")]
    [TestCase("30 1 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z", TestName = "After_the_first_of_two_comes_the_next_day")]
    [TestCase("0 0 30 2 *", "2026-01-01T00:00:00Z", null, TestName = "A_day_that_never_comes_is_no_next_one")]
    [TestCase("0 0 29 2 *", "2026-03-01T00:00:00Z", null, TestName = "A_day_in_two_years_is_too_far_away")]
    public void Next(string schedule, string after, string? next) =>
        Assert.That(Window(schedule, TimeSpan.FromHours(1), "Europe/London").NextStart(At(after)), next is null ? Is.Null : Is.EqualTo(At(next ?? after)));

    [TestCase("every day", 60, null, "schedule: 'every day' is not cron with five fields")]
    [TestCase("0 25 * * *", 60, null, "schedule: '0 25 * * *'")]
    [TestCase("0 0 0 1 1 *", 60, null, "schedule: '0 0 0 1 1 *'")]
    [TestCase("0 22 * * *", 59, null, "duration: at least 1m")]
    [TestCase("0 22 * * *", 60, "Europe/Londno", "timeZone: 'Europe/Londno' is not known here")]
    public void What_cannot_be_read_is_named(string schedule, int seconds, string? zone, string words)
    {
        Assert.That(RecurringWindow.Read(schedule, TimeSpan.FromSeconds(seconds), zone, out var mistake), Is.Null);
        Assert.That(mistake, Does.StartWith(words));
    }

    private static RecurringWindow Window(string schedule, TimeSpan duration, string zone) =>
        RecurringWindow.Read(schedule, duration, zone, out var mistake) ?? throw new ArgumentException(mistake);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
