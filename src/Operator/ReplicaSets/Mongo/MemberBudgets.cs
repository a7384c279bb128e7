using Modestano.Operator.ReplicaSets.Mongo.Wire;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>What the members of a set may cost.</summary>
/// <param name="Replies">The memory that they may answer together.</param>
/// <param name="Hashing">The hashing that all sets of the namespace may ask for.</param>
internal sealed record MemberBudgets(ReplyBudget.Share Replies, HashingBudget Hashing);
