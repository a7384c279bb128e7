namespace Modestano.Operator.Runtime;

/// <summary>The informer of a kind cannot list it: what is known of its objects may be out of date.</summary>
internal sealed class KindNotSeenException(EntityKind kind, Exception why)
    : Exception($"{kind} cannot be listed: edits, holds and deletions are not seen, and nothing is done", why);
