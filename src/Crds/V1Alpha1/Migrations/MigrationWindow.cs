using System.ComponentModel.DataAnnotations;
using Modestano.Crds.Schema;

namespace Modestano.Crds.V1Alpha1;

/// <summary>A time that comes again and again, in which a migration may, or may not, begin to move something.</summary>
public sealed record MigrationWindow
{
    /// <summary>Allow: with one of these, things begin only within such windows; Deny: nothing begins within it, whatever is allowed.</summary>
    [Required, AllowedValues("Allow", "Deny")]
    public string Kind { get; init; } = "";

    /// <summary>When it opens: cron with five fields, as <c>0 22 * * 1-5</c>.</summary>
    [Required, StringLength(100, MinimumLength = 9), RegularExpression(@"^[0-9A-Za-z*/,?#-]+( [0-9A-Za-z*/,?#-]+){4}$")]
    public string Schedule { get; init; } = "";

    /// <summary>How long it is open.</summary>
    [Required, DurationRange("1m", "744h")]
    public Duration Duration { get; init; }

    /// <summary>The time zone of the schedule by its IANA name, as <c>Europe/London</c>; absent: UTC.</summary>
    [StringLength(64, MinimumLength = 1), RegularExpression("^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}$")]
    public string? TimeZone { get; init; }
}
