using Modestano.Testbed.KubeApi.Schema.Cel;

namespace Modestano.Testbed.KubeApi.Schema;

/// <summary>One entry of <c>x-kubernetes-validations</c>, compiled.</summary>
internal sealed record ValidationRule(string Rule, string? Message, string? MessageExpression, string? Reason, string? FieldPath)
{
    /// <summary>The rule; null: it does not compile, <see cref="Problem"/> says why.</summary>
    public CelProgram? Program { get; private init; }

    /// <summary>The message's expression, where there is one.</summary>
    public CelProgram? MessageProgram { get; private init; }

    /// <summary>Why the rule or its message expression does not compile.</summary>
    public string? Problem { get; private init; }

    /// <summary>Which member <see cref="Problem"/> is about: rule or messageExpression.</summary>
    public string? ProblemField { get; private init; }

    /// <summary>The rule in the words of an error about it.</summary>
    public string Name => string.IsNullOrEmpty(Message) ? Rule.Trim() : Message.Trim();

    /// <summary>Compiled for values of a type; a failure is kept in <see cref="Problem"/>.</summary>
    public ValidationRule Compile(CelType self)
    {
        var source = Rule;
        var field = "rule";
        try
        {
            var program = CelProgram.Compile(source, self, CelType.Bool);
            if (MessageExpression is null)
            {
                return this with { Program = program };
            }

            source = MessageExpression;
            field = "messageExpression";
            return this with { Program = program, MessageProgram = CelProgram.Compile(source, self, CelType.String) };
        }
        catch (CelCompileException e)
        {
            return this with { Problem = e.Describe(source), ProblemField = field };
        }
    }

    /// <summary>As Go prints it inside a refusal of the definition.</summary>
    public string Print() => $"apiextensions.ValidationRule{{Rule:{JsonForm.Quote(Rule)}, Message:{JsonForm.Quote(Message ?? "")}}}";
}
