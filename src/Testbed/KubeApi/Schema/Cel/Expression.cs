namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>A parsed CEL expression. <paramref name="Position"/> is an index into the source, for messages.</summary>
internal abstract record Expression(int Position);

/// <summary>A constant: bool, long, ulong, double, string, byte[] or <see cref="CelNull"/>.</summary>
internal sealed record Literal(object Value, int Position) : Expression(Position);

/// <summary>A variable or the name of a type.</summary>
internal sealed record Identifier(string Name, int Position) : Expression(Position);

/// <summary><c>operand.field</c>, or <c>has(operand.field)</c> where <paramref name="TestOnly"/> is set.</summary>
internal sealed record Selection(Expression Operand, string Field, bool TestOnly, int Position) : Expression(Position);

/// <summary>A function, method or operator; operators have CEL's own names such as <c>_&amp;&amp;_</c>.</summary>
internal sealed record Call(string Function, Expression? Target, IReadOnlyList<Expression> Arguments, int Position) : Expression(Position);

/// <summary><c>[a, b]</c>.</summary>
internal sealed record ListLiteral(IReadOnlyList<Expression> Items, int Position) : Expression(Position);

/// <summary><c>{k: v}</c>.</summary>
internal sealed record MapLiteral(IReadOnlyList<(Expression Key, Expression Value)> Entries, int Position) : Expression(Position);

/// <summary>The macros that bind a variable.</summary>
internal enum MacroKind
{
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

/// <summary><c>range.all(x, condition)</c> and its kin; <paramref name="Transform"/> for map only.</summary>
internal sealed record Macro(MacroKind Kind, Expression Range, string Variable, Expression? Condition, Expression? Transform, int Position)
    : Expression(Position);
