namespace Modestano.Operator.Runtime;

/// <summary>Reasons that every kind can have.</summary>
public static class RuntimeReasons
{
    public const string Unreadable = "Unreadable";
    public const string UnknownValue = "UnknownValue";
}
