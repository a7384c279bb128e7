namespace Modestano.Operator.Runtime;

/// <summary>An optimistic-lock conflict on a status write: the object is queued again, nothing is logged as an error.</summary>
public sealed class StatusConflictException(string message) : Exception(message);
