using CsCheck;
using Modestano.Operator.Schedules;

namespace Modestano.Operator.Tests.Schedules;

/// <summary>The first moment at which something may begin, held against a minute-by-minute search that knows no cron.</summary>
[TestFixture]
public sealed class WindowPlanTests
{
    private const int Day = 1440;

    private static readonly DateTimeOffset Epoch = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    // Every so many minutes of an hour, or at one minute of the day.
    private static readonly Gen<DrawnWindow> Windows = Gen.Select(Gen.Bool, Gen.OneOfConst(5, 10, 15, 20, 30), Gen.Int[0, Day - 1], Gen.Int[1, 400])
        .Select((often, every, at, lasts) => often ? new DrawnWindow($"*/{every} * * * *", m => m % every == 0, 1 + (lasts % 25)) : new DrawnWindow($"{at % 60} {at / 60} * * *", m => m % Day == at, lasts));

    private static readonly Gen<(DrawnWindow[], DrawnWindow[], int, int)> Plans = Gen.Select(Windows.Array[0, 2], Windows.Array[0, 2], Gen.Int[Day, 3 * Day], Gen.Int[1, 120]);

    [Test]
    public void Nothing_begins_outside_of_what_is_allowed_nor_later_than_it_could() => Plans.Holds(
        (allowed, denied, now, takes) =>
        {
            var plan = new WindowPlan([.. allowed.Select(w => w.Read())], [.. denied.Select(w => w.Read())]);
            var expected = Search(allowed, denied, now, takes);
            var found = plan.FirstStart(Epoch.AddMinutes(now), TimeSpan.FromMinutes(takes));

            // What repeats every day and is not found within two never is.
            Assert.That(found, expected is null ? Is.Null : Is.EqualTo(Epoch.AddMinutes(expected ?? 0)));
        },
        draws: 400);

    [Test]
    public void What_is_denied_without_an_end_is_found_out_soon()
    {
        var plan = new WindowPlan([], [RecurringWindow.Read("* * * * *", TimeSpan.FromMinutes(1), null, out _)!]);
        Assert.That(plan.FirstStart(Epoch, TimeSpan.FromMinutes(1)), Is.Null);
    }

    [Test]
    public void What_takes_no_time_needs_an_open_window_all_the_same()
    {
        var plan = new WindowPlan([RecurringWindow.Read("0 1 * * *", TimeSpan.FromHours(1), null, out _)!], []);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.FirstStart(Epoch, TimeSpan.Zero), Is.EqualTo(Epoch.AddHours(1)));
            Assert.That(plan.FirstStart(Epoch.AddMinutes(90), TimeSpan.Zero), Is.EqualTo(Epoch.AddMinutes(90)));
        }
    }

    private static int? Search(DrawnWindow[] allowed, DrawnWindow[] denied, int now, int takes)
    {
        var length = (4 * Day) + takes;
        bool[] Open(DrawnWindow[] windows)
        {
            var open = new bool[now + length];
            foreach (var window in windows)
            {
                for (var start = 0; start < open.Length; start++)
                {
                    for (var i = start; window.Starts(start) && i < Math.Min(open.Length, start + window.Minutes); i++)
                    {
                        open[i] = true;
                    }
                }
            }

            return open;
        }

        var (may, mayNot) = (Open(allowed), Open(denied));
        var run = 0;
        for (var minute = now; minute < now + length; minute++)
        {
            run = (allowed.Length == 0 || may[minute]) && !mayNot[minute] ? run + 1 : 0;
            if (run == takes)
            {
                return minute - takes + 1;
            }
        }

        return null;
    }

    private sealed record DrawnWindow(string Schedule, Func<int, bool> Starts, int Minutes)
    {
        public RecurringWindow Read() => RecurringWindow.Read(Schedule, TimeSpan.FromMinutes(Minutes), null, out var mistake) ?? throw new ArgumentException(mistake);
    }
}
