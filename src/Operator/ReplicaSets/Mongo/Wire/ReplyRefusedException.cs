namespace Modestano.Operator.ReplicaSets.Mongo.Wire;

/// <summary>A member's message was refused before it was read. The connection is of no more use.</summary>
internal sealed class ReplyRefusedException(string message) : IOException(message);
