using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>What was done and status does not tell of yet: a conflict must not make a step forgotten. Immutable.</summary>
/// <param name="Latest">The latest step that no status has told of; null: none.</param>
/// <param name="HandOff">A hand-off whose gap for majority writes is not known yet; null: none.</param>
internal sealed record UntoldActions(LastAction? Latest, LastAction? HandOff)
{
    /// <summary>Everything was told.</summary>
    public static UntoldActions None { get; } = new(null, null);

    /// <summary>With a step that was taken just now. A hand-off is over for an application when majority writes are acknowledged again: until then its gap is not told.</summary>
    public UntoldActions With(LastAction? done) => done switch
    {
        null => this,
        { Kind: "StepDown" } => new UntoldActions(done with { WriteGapMillis = null }, done.WriteGapMillis is null ? HandOff : done),
        _ => this with { Latest = done },
    };

    /// <summary>The hand-off with its whole gap, which the new primary tells; null: it is not known yet.</summary>
    public LastAction? Measured(ObservedReplicaSet observed) => HandOff is { WriteGapMillis: { } gap } open && observed.MajorityWritesAfter is { } more
        ? open with { WriteGapMillis = gap + (long)more.TotalMilliseconds }
        : null;

    /// <summary>A status that tells of it all was written.</summary>
    /// <param name="measured">The hand-off that it told of.</param>
    public UntoldActions Told(LastAction? measured) => new(null, measured is null ? HandOff : null);
}
