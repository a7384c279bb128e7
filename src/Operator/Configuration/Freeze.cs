using Modestano.Operator.Schedules;

namespace Modestano.Operator.Configuration;

/// <summary>A time in which no migration of any namespace begins to move something.</summary>
/// <param name="Name">What people call it; told in the status of migrations that wait for its end.</param>
/// <param name="Window">When it is.</param>
internal sealed record Freeze(string Name, RecurringWindow Window);
