namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// How long a member may take for everything that one pass asks it. A member in another region answers each question a round trip later, and
/// that is no fault of its: what was set for a member next door grows by the round trips that are needed. One that does not answer at all
/// gets no more than what was set.
/// </summary>
internal static class ProbeBudget
{
    /// <summary>Questions of a pass, each with room for a slow answer, and what a connection costs.</summary>
    private const int RoundTrips = 40;

    /// <summary>One question, and what a connection costs: TCP, TLS, hello and a login by SCRAM.</summary>
    private const int RoundTripsOfOne = 10;

    /// <summary>From this round trip on questions go out together: it costs further connections, each with a login, which a member next door is not worth.</summary>
    public static readonly TimeSpan Far = TimeSpan.FromMilliseconds(40);

    /// <summary>However far away: a pass has to end.</summary>
    private const int MostTimes = 8;

    /// <summary>The time for all of a member's answers.</summary>
    /// <param name="set">What is configured.</param>
    /// <param name="roundTrip">The shortest time in which the member has answered anything; null: it has answered nothing yet.</param>
    public static TimeSpan For(TimeSpan set, TimeSpan? roundTrip) => Grown(set, RoundTrips, roundTrip);

    /// <summary>The time for one answer: a member that froze costs a pass no more than this.</summary>
    /// <param name="set">What is configured.</param>
    /// <param name="roundTrip">The shortest time in which the member has answered anything; null: it has answered nothing yet.</param>
    public static TimeSpan ForOne(TimeSpan set, TimeSpan? roundTrip) => Grown(set, RoundTripsOfOne, roundTrip);

    /// <summary>The longest time for a member.</summary>
    public static TimeSpan Most(TimeSpan set) => MostTimes * set;

    private static TimeSpan Grown(TimeSpan set, int roundTrips, TimeSpan? roundTrip)
    {
        var grown = set + (roundTrips * (roundTrip ?? TimeSpan.Zero));
        return grown < Most(set) ? grown : Most(set);
    }
}
