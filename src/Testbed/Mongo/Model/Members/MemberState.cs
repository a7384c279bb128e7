namespace Modestano.Testbed.Mongo.Model;

/// <summary>Member states with the numbers that <c>replSetGetStatus</c> shows.</summary>
internal enum MemberState
{
    Startup = 0,
    Primary = 1,
    Secondary = 2,
    Recovering = 3,
    Startup2 = 5,
    Unknown = 6,
    Arbiter = 7,
    Down = 8,
    Rollback = 9,
    Removed = 10,
}

internal static class MemberStateText
{
    public static string Of(MemberState state) => state switch
    {
        MemberState.Down => "(not reachable/healthy)",
        _ => state.ToString().ToUpperInvariant(),
    };

    public static bool IsReadable(this MemberState state) => state is MemberState.Primary or MemberState.Secondary;
}
