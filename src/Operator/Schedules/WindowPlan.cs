namespace Modestano.Operator.Schedules;

/// <summary>
/// When something may begin that takes a while: wholly within what is allowed (everything, where nothing says what is), and at no moment of it
/// within what is denied. Pure.
/// </summary>
/// <param name="Allowed">Windows in which things may begin; none: always.</param>
/// <param name="Denied">Windows in which nothing may.</param>
internal sealed record WindowPlan(IReadOnlyList<RecurringWindow> Allowed, IReadOnlyList<RecurringWindow> Denied)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private const int MostSteps = 2_000;

    /// <summary>The first moment, now or later, at which it may begin; null: there is none within a year.</summary>
    /// <param name="now">The moment to begin with.</param>
    /// <param name="takes">How long it takes.</param>
    public DateTimeOffset? FirstStart(DateTimeOffset now, TimeSpan takes)
    {
        var needed = takes > Shortest ? takes : Shortest;
        var moment = now;
        var left = MostSteps;
        while (left-- > 0 && moment - now <= RecurringWindow.Horizon)
        {
            if (End(Denied, moment, moment + RecurringWindow.Horizon, ref left) is var denied && denied > moment)
            {
                moment = denied;
                continue;
            }

            var end = Allowed.Count == 0 ? DateTimeOffset.MaxValue : End(Allowed, moment, moment + needed, ref left);
            if (end == moment)
            {
                if (NextStart(Allowed, moment) is not { } opens)
                {
                    return null;
                }

                moment = opens;
                continue;
            }

            var until = NextStart(Denied, moment) is { } closes && closes < end ? closes : end;
            if (until - moment >= needed)
            {
                return moment;
            }

            moment = until;
        }

        return null;
    }

    // The end of the windows that follow each other without a gap from a moment on; the moment itself, where none is open. Looks no further than asked.
    private static DateTimeOffset End(IReadOnlyList<RecurringWindow> windows, DateTimeOffset moment, DateTimeOffset enough, ref int left)
    {
        var end = moment;
        while (left-- > 0 && end < enough && windows.Max(w => w.EndContaining(end)) is { } next && next > end)
        {
            end = next;
        }

        return end;
    }

    private static DateTimeOffset? NextStart(IReadOnlyList<RecurringWindow> windows, DateTimeOffset after) => windows.Min(w => w.NextStart(after));
}
