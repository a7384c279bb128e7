using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Planning;

namespace Modestano.Operator.Dns.Observation;

/// <summary>
/// The latest change in status. It is written as unconfirmed before the batch is sent, so that a process that dies in between, or whose
/// answer is lost, leaves a trace (M4): the successor confirms the change before it relies on it.
/// </summary>
internal static class ChangeRecord
{
    public const string Pending = "PENDING";
    public const string InSync = "INSYNC";
    public const string Unconfirmed = "UNCONFIRMED";

    /// <summary>Stands where the id is not known.</summary>
    public const string NoId = "unknown";

    public static DnsChangeStatus AboutToBeSent(DateTimeOffset now, long answerTtl) => new() { Id = NoId, State = Unconfirmed, SubmittedAt = WholeSeconds(now), AnswerTtl = answerTtl };

    public static DnsChangeStatus Sent(string id, bool inSync, DateTimeOffset now, long answerTtl) => new()
    {
        Id = id,
        State = inSync ? InSync : Pending,
        SubmittedAt = WholeSeconds(now),
        InSyncAt = inSync ? WholeSeconds(now) : null,
        AnswerTtl = answerTtl,
    };

    /// <summary>A moment in whole seconds, as Kubernetes keeps it; never an earlier one, so that no wait gets shorter.</summary>
    public static DateTime WholeSeconds(DateTimeOffset time) =>
        new((time.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    public static ObservedChange? Read(DnsChangeStatus? change) => change is null ? null : new ObservedChange(
        change.State switch
        {
            InSync when change.InSyncAt is not null => ChangeState.InSync,
            Pending => ChangeState.Pending,
            _ => ChangeState.Unconfirmed,
        },
        Utc(change.SubmittedAt),
        change.InSyncAt is { } at ? Utc(at) : null,
        change.AnswerTtl ?? 0);

    /// <summary>A moment that status holds.</summary>
    public static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
