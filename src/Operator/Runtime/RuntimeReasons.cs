namespace Modestano.Operator.Runtime;

/// <summary>Reasons that every kind can have.</summary>
public static class RuntimeReasons
{
    public const string Unreadable = "Unreadable";
    public const string UnknownValue = "UnknownValue";
    public const string NotStalled = "NotStalled";
    public const string ApiForbidden = "ApiForbidden";
    public const string ApiNotFound = "ApiNotFound";
    public const string ApiRefused = "ApiRefused";
    public const string ApiUnavailable = "ApiUnavailable";
    public const string NoAnswer = "NoAnswer";
    public const string BrokenAnswer = "BrokenAnswer";
    public const string StatusNotWritten = "StatusNotWritten";
    public const string EditsNotSeen = "EditsNotSeen";
    public const string PassFailed = "PassFailed";
}
