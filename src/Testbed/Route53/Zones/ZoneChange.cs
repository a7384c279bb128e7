namespace Modestano.Testbed.Route53.Zones;

/// <summary>A change as GetChange tells it.</summary>
/// <param name="Id">As <c>C0123456789</c>.</param>
/// <param name="SubmittedAt">When it was taken.</param>
/// <param name="InSyncAt">When every server answers with it.</param>
/// <param name="Comment">The batch's comment.</param>
public sealed record ZoneChange(string Id, DateTimeOffset SubmittedAt, DateTimeOffset InSyncAt, string? Comment)
{
    /// <summary>PENDING or INSYNC.</summary>
    public string StatusAt(DateTimeOffset now) => now >= InSyncAt ? "INSYNC" : "PENDING";
}

/// <summary>One applied batch, for assertions.</summary>
/// <param name="Time">When.</param>
/// <param name="ZoneId">Where.</param>
/// <param name="ChangeId">What GetChange knows it by.</param>
/// <param name="Comment">The batch's comment.</param>
/// <param name="Changes">What was done, in order.</param>
public sealed record AppliedBatch(DateTimeOffset Time, string ZoneId, string ChangeId, string? Comment, IReadOnlyList<AppliedChange> Changes);

/// <summary>One change of an applied batch.</summary>
/// <param name="Action">CREATE, DELETE or UPSERT.</param>
/// <param name="Set">The set in the request.</param>
public sealed record AppliedChange(string Action, RecordSet Set);
