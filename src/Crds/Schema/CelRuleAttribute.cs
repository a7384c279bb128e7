namespace Modestano.Crds.Schema;

/// <summary>A CEL rule (<c>x-kubernetes-validations</c>) on a type or a property.</summary>
/// <remarks>Kubernetes documentation, "Extend the Kubernetes API with CustomResourceDefinitions", section "Validation rules".</remarks>
/// <param name="rule">The expression; <c>self</c> is the value, <c>oldSelf</c> the stored one (a rule that uses it is a transition rule).</param>
/// <param name="message">What a person reads when the rule fails: names what is allowed.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Property, AllowMultiple = true)]
public sealed class CelRuleAttribute(string rule, string message) : Attribute
{
    /// <summary>The CEL expression.</summary>
    public string Rule { get; } = rule;

    /// <summary>The message of the refusal.</summary>
    public string Message { get; } = message;
}
