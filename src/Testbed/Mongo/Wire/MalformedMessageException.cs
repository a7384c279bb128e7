namespace Modestano.Testbed.Mongo.Wire;

/// <summary>The bytes are no valid message; the server closes such a connection without a reply.</summary>
internal sealed class MalformedMessageException(string message, Exception? inner = null) : Exception(message, inner);
