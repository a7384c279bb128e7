namespace Modestano.Operator.Dns.Planning;

/// <summary>Values of <c>spec.deletionPolicy</c>.</summary>
public static class DeletionPolicies
{
    /// <summary>Record sets and marks go with the object.</summary>
    public const string Delete = "Delete";

    /// <summary>The marks go, the record sets stay.</summary>
    public const string Retain = "Retain";
}
