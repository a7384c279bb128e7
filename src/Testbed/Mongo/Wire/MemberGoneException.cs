namespace Modestano.Testbed.Mongo.Wire;

/// <summary>The member's process ended before it answered.</summary>
public sealed class MemberGoneException(string message, Exception? inner = null) : Exception(message, inner);
