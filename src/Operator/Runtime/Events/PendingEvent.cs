namespace Modestano.Operator.Runtime.Events;

/// <summary>An Event as it was recorded.</summary>
/// <param name="About">The object.</param>
/// <param name="Type">Normal or Warning.</param>
/// <param name="Reason">CamelCase.</param>
/// <param name="Note">The message, at most 1,024 characters.</param>
/// <param name="Time">When.</param>
internal sealed record PendingEvent(EventSubject About, string Type, string Reason, string Note, DateTime Time);

/// <summary>The object that an Event is about, as the Event's <c>regarding</c>.</summary>
internal sealed record EventSubject(string ApiVersion, string Kind, string Namespace, string Name, string Uid);
