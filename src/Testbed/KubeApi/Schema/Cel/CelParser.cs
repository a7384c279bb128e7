using System.Globalization;
using System.Text;

namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>Parses CEL by recursive descent; macros are recognised here (CEL language definition, "Syntax" and "Macros").</summary>
internal sealed class CelParser
{
    // Deep enough for any rule, and short of the stack.
    private const int MaximumDepth = 200;

    private static readonly string[][] BinaryLevels = [["==", "!=", "<", "<=", ">", ">=", "in"], ["+", "-"], ["*", "/", "%"]];

    private readonly List<Token> tokens;
    private int at;
    private int depth;

    private CelParser(List<Token> tokens) => this.tokens = tokens;

    /// <exception cref="CelCompileException">The source is not a CEL expression.</exception>
    public static Expression Parse(string source)
    {
        var parser = new CelParser(Lexer.Tokens(source));
        var expression = parser.Ternary();
        return parser.Current.Kind == TokenKind.End ? expression : throw parser.Unexpected();
    }

    private Token Current => tokens[at];

    private Expression Ternary()
    {
        if (++depth > MaximumDepth)
        {
            throw new CelCompileException("expression recursion limit exceeded", Current.Position);
        }

        var condition = Or();
        if (Current.Is("?"))
        {
            var position = Take().Position;
            var then = Or();
            Expect(":");
            condition = new Call("_?_:_", null, [condition, then, Ternary()], position);
        }

        depth--;
        return condition;
    }

    private Expression Or() => Chain("||", "_||_", And);

    private Expression And() => Chain("&&", "_&&_", () => Binary(0));

    private Expression Chain(string symbol, string function, Func<Expression> operand)
    {
        var left = operand();
        while (Current.Is(symbol))
        {
            var position = Take().Position;
            left = new Call(function, null, [left, operand()], position);
        }

        return left;
    }

    private Expression Binary(int level)
    {
        if (level == BinaryLevels.Length)
        {
            return Unary();
        }

        var left = Binary(level + 1);
        while (BinaryLevels[level].Any(s => Current.Is(s)) || (level == 0 && Current.IsWord("in")))
        {
            var symbol = Take();
            var function = symbol.Text == "in" ? "@in" : $"_{symbol.Text}_";
            left = new Call(function, null, [left, Binary(level + 1)], symbol.Position);
        }

        return left;
    }

    private Expression Unary()
    {
        if (Current.Is("!"))
        {
            var position = Take().Position;
            return new Call("!_", null, [Nested(Unary)], position);
        }

        if (!Current.Is("-"))
        {
            return Member();
        }

        var minus = Take();
        if (Current.Kind is TokenKind.Integer or TokenKind.Double)
        {
            // The least integer has no positive twin, so the sign belongs to the literal.
            tokens[at] = Current with { Text = "-" + Current.Text };
            return Member();
        }

        return new Call("-_", null, [Nested(Unary)], minus.Position);
    }

    private Expression Nested(Func<Expression> parse)
    {
        if (++depth > MaximumDepth)
        {
            throw new CelCompileException("expression recursion limit exceeded", Current.Position);
        }

        var expression = parse();
        depth--;
        return expression;
    }

    private Expression Member()
    {
        var operand = Primary();
        while (true)
        {
            if (Current.Is("."))
            {
                var dot = Take();
                var name = Name();
                operand = Current.Is("(") ? Method(operand, name.Text) : new Selection(operand, name.Text, false, dot.Position);
            }
            else if (Current.Is("["))
            {
                var open = Take();
                operand = new Call("_[_]", null, [operand, Ternary()], open.Position);
                Expect("]");
            }
            else
            {
                return operand;
            }
        }
    }

    private Expression Primary()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Integer or TokenKind.Unsigned or TokenKind.Double:
                return new Literal(Number(Take()), token.Position);
            case TokenKind.Text:
                return new Literal(Take().Text, token.Position);
            case TokenKind.Bytes:
                return new Literal(Encoding.UTF8.GetBytes(Take().Text), token.Position);
            case TokenKind.Identifier when token.Text is "true" or "false":
                return new Literal(Take().Text == "true", token.Position);
            case TokenKind.Identifier when token.Text == "null":
                Take();
                return new Literal(CelNull.Value, token.Position);
            case TokenKind.Identifier:
                var name = Name();
                return Current.Is("(") ? Function(name.Text) : new Identifier(name.Text, name.Position);
            case TokenKind.Symbol when token.Text == "(":
                Take();
                var inner = Ternary();
                Expect(")");
                return inner;
            case TokenKind.Symbol when token.Text == "[":
                Take();
                return new ListLiteral(Items("]", Ternary), token.Position);
            case TokenKind.Symbol when token.Text == "{":
                Take();
                return new MapLiteral(Items("}", Entry), token.Position);
            default:
                throw Unexpected();
        }
    }

    private (Expression Key, Expression Value) Entry()
    {
        var key = Ternary();
        Expect(":");
        return (key, Ternary());
    }

    private Expression Function(string name)
    {
        var open = Take();
        var arguments = Items(")", Ternary);
        return (name, arguments) switch
        {
            ("has", [Selection selected]) => selected with { TestOnly = true },
            ("has", _) => throw new CelCompileException("invalid argument to has() macro", open.Position),
            _ => new Call(name, null, arguments, open.Position),
        };
    }

    private Expression Method(Expression target, string name)
    {
        var open = Take();
        var arguments = Items(")", Ternary);
        MacroKind? kind = (name, arguments.Count) switch
        {
            ("all", 2) => MacroKind.All,
            ("exists", 2) => MacroKind.Exists,
            ("exists_one", 2) => MacroKind.ExistsOne,
            ("filter", 2) => MacroKind.Filter,
            ("map", 2 or 3) => MacroKind.Map,
            _ => null,
        };
        if (kind is not { } macro)
        {
            return new Call(name, target, arguments, open.Position);
        }

        if (arguments[0] is not Identifier variable)
        {
            throw new CelCompileException("argument is not an identifier", arguments[0].Position);
        }

        return macro == MacroKind.Map
            ? new Macro(macro, target, variable.Name, arguments.Count == 3 ? arguments[1] : null, arguments[^1], open.Position)
            : new Macro(macro, target, variable.Name, arguments[1], null, open.Position);
    }

    private List<T> Items<T>(string end, Func<T> item)
    {
        List<T> items = [];
        while (!Current.Is(end))
        {
            items.Add(item());
            if (!Current.Is(","))
            {
                break;
            }

            Take();
        }

        Expect(end);
        return items;
    }

    private static object Number(Token token) => token.Kind switch
    {
        TokenKind.Integer when long.TryParse(token.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => (object)whole,
        TokenKind.Unsigned when ulong.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var unsigned) => unsigned,
        TokenKind.Double => double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture),
        _ => throw new CelCompileException("Syntax error: invalid int literal", token.Position),
    };

    private Token Name() => Current.Kind == TokenKind.Identifier && Current.Text is not ("in" or "true" or "false" or "null")
        ? Take()
        : throw Unexpected();

    private Token Take() => tokens[at++];

    private void Expect(string symbol)
    {
        if (!Current.Is(symbol))
        {
            throw Unexpected();
        }

        Take();
    }

    private CelCompileException Unexpected() => new($"Syntax error: mismatched input '{Current.Text}'", Current.Position);
}
