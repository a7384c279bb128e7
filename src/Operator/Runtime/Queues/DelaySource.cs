namespace Modestano.Operator.Runtime.Queues;

/// <summary>Who asked for a pass later.</summary>
internal enum DelaySource
{
    /// <summary>The pass before: its result or its backoff. Void as soon as another pass starts.</summary>
    Result,

    /// <summary>Somebody outside, through <see cref="IEntityQueue{TEntity}"/>. Kept until its time.</summary>
    Request,
}
