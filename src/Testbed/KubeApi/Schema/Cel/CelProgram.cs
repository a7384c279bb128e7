namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>A compiled expression over <c>self</c> and <c>oldSelf</c>.</summary>
internal sealed class CelProgram
{
    private readonly Expression expression;
    private readonly CelType self;

    private CelProgram(Expression expression, CelType self)
    {
        this.expression = expression;
        this.self = self;
    }

    /// <summary>True: it compares with the stored value, so it runs only where there is one.</summary>
    public bool UsesOldSelf { get; private init; }

    /// <summary>Parses and checks an expression.</summary>
    /// <param name="source">The expression.</param>
    /// <param name="self">The type of <c>self</c> and <c>oldSelf</c>.</param>
    /// <param name="result">The type that it must have.</param>
    /// <exception cref="CelCompileException">It does not compile.</exception>
    public static CelProgram Compile(string source, CelType self, CelType result)
    {
        var expression = CelParser.Parse(source);
        var scope = new TypeChecker.Scope("self", self, new TypeChecker.Scope("oldSelf", self, null));
        var actual = TypeChecker.Check(expression, scope);
        if (!result.Fits(actual))
        {
            throw new CelCompileException($"cel expression must evaluate to a {result}", expression.Position);
        }

        return new CelProgram(expression, self) { UsesOldSelf = Mentions(expression, "oldSelf") };
    }

    /// <summary>The most that one run can cost on values under a schema.</summary>
    public double Cost(SchemaNode schema) => CostEstimator.Cost(expression, schema, self);

    /// <summary>Runs it.</summary>
    /// <exception cref="CelException">It failed.</exception>
    public object Run(object self, object? oldSelf)
    {
        var outer = oldSelf is null ? null : new Evaluator.Scope("oldSelf", oldSelf, null);
        return Evaluator.Run(expression, new Evaluator.Scope("self", self, outer));
    }

    private static bool Mentions(Expression expression, string variable) => expression switch
    {
        Identifier name => name.Name == variable,
        Selection selection => Mentions(selection.Operand, variable),
        ListLiteral list => list.Items.Any(i => Mentions(i, variable)),
        MapLiteral map => map.Entries.Any(e => Mentions(e.Key, variable) || Mentions(e.Value, variable)),
        Call call => (call.Target is { } target && Mentions(target, variable)) || call.Arguments.Any(a => Mentions(a, variable)),
        Macro macro => Mentions(macro.Range, variable)
            || (macro.Variable != variable
                && ((macro.Condition is { } c && Mentions(c, variable)) || (macro.Transform is { } t && Mentions(t, variable)))),
        _ => false,
    };
}
