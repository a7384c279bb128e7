using Modestano.Operator.Dns.Records;

namespace Modestano.Operator.Dns.Planning;

/// <summary>What is to be done next about one group of record sets.</summary>
public abstract record DnsDecision;

/// <summary>One change batch.</summary>
/// <param name="Kind">Why: one of <see cref="StepKinds"/>.</param>
/// <param name="Changes">DELETE of exactly what was read, then CREATE of what is wanted.</param>
/// <param name="Summary">What it does, in a sentence.</param>
/// <param name="RaisesShare">Whether some endpoint's share of the traffic rises: such a step needs a permission that still holds.</param>
/// <param name="AnswerTtl">Seconds after its INSYNC for which resolvers may still hold an answer from before it.</param>
public sealed record Step(string Kind, IReadOnlyList<RecordChange> Changes, string Summary, bool RaisesShare, long AnswerTtl) : DnsDecision
{
    /// <summary>What it is to do, as <c>shift shop.example.com A from … to …</c>: for what came of it other than success.</summary>
    public string Intent => Verbs.FirstOrDefault(v => Summary.StartsWith(v.Past + " ", StringComparison.Ordinal)) is { Past: { } past, Infinitive: var verb }
        ? verb + Summary[past.Length..]
        : Summary;

    private static readonly (string Past, string Infinitive)[] Verbs = [("Created", "create"), ("Made", "make"), ("Shifted", "shift"), ("Updated", "update"), ("Wrote", "write")];
}

/// <summary>Nothing now.</summary>
/// <param name="Reason">A constant of <see cref="DnsReasons"/>.</param>
/// <param name="Message">What is waited for.</param>
/// <param name="Until">When to look again at the latest; null: when something changes, or at the usual time.</param>
public sealed record Wait(string Reason, string Message, DateTimeOffset? Until) : DnsDecision;

/// <summary>Everything is as wanted, in sync, and older answers have run out.</summary>
public sealed record Settled : DnsDecision;

/// <summary>Nothing goes on until a person changes something.</summary>
/// <param name="Reason">A constant of <see cref="DnsReasons"/>.</param>
/// <param name="Message">What to do.</param>
public sealed record Stalled(string Reason, string Message) : DnsDecision;

/// <summary>One change of a batch.</summary>
/// <param name="IsCreate">CREATE; else DELETE.</param>
/// <param name="Set">The set, wholly.</param>
public sealed record RecordChange(bool IsCreate, RecordSet Set);

/// <summary>A decision, and where the group stands.</summary>
/// <param name="Decision">What is next.</param>
/// <param name="Served">Weight by identifier as Route 53 holds it; identifiers without a set are missing.</param>
/// <param name="Wanted">Weight by identifier at the end.</param>
/// <param name="Reached">Everything is as wanted, in sync, and older answers have run out.</param>
/// <param name="InFlight">A change of ours is not in sync yet, or its outcome is not known.</param>
public sealed record DnsPlan(
    DnsDecision Decision, IReadOnlyDictionary<string, int> Served, IReadOnlyDictionary<string, int> Wanted, bool Reached, bool InFlight)
{
    /// <summary>The latest change, whose answer was lost, counts as in sync from now on: its sets were read as wanted long after it was sent.</summary>
    public bool IsConfirmedByReading { get; init; }
}

/// <summary>Why a batch is sent.</summary>
public static class StepKinds
{
    public const string Create = "Create";
    public const string Shift = "Shift";
    public const string Update = "Update";
    public const string Convert = "Convert";
    public const string Confirm = "Confirm";
}
