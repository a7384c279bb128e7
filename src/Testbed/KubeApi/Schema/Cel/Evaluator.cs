namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>Runs a parsed expression.</summary>
internal static class Evaluator
{
    private static readonly HashSet<string> TypeNames = ["bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type"];

    /// <summary>A variable and those around it.</summary>
    internal sealed record Scope(string Name, object Value, Scope? Outer)
    {
        public object? Find(string name) => Name == name ? Value : Outer?.Find(name);
    }

    /// <exception cref="CelException">The expression fails, as on a missing key.</exception>
    public static object Run(Expression expression, Scope? scope) => expression switch
    {
        Literal literal => literal.Value,
        Identifier name => scope?.Find(name.Name)
            ?? (TypeNames.Contains(name.Name) ? new CelTypeName(name.Name) : throw new CelException($"no such attribute: {name.Name}")),
        Selection selection => Select(selection, scope),
        ListLiteral list => new CelList([.. list.Items.Select(i => Run(i, scope))]),
        MapLiteral map => new CelMap(map.Entries.ToDictionary(e => Run(e.Key, scope), e => Ready(Run(e.Value, scope)), CelComparer.Instance)),
        Macro macro => RunMacro(macro, scope),
        Call call => RunCall(call, scope),
        _ => throw new InvalidOperationException($"unknown expression {expression.GetType().Name}"),
    };

    /// <summary>Calls the overload for these values.</summary>
    public static object Invoke(string function, bool isMethod, object[] arguments)
    {
        var kinds = Array.ConvertAll(arguments, CelComparer.KindOf);
        var overload = FunctionTable.Instance.Named(function).FirstOrDefault(o => o.Takes(isMethod, kinds)) ?? throw CelException.NoOverload();
        return overload.Invoke(arguments);
    }

    private static object Select(Selection selection, Scope? scope)
    {
        if (Run(selection.Operand, scope) is not CelMap map)
        {
            throw CelException.NoOverload();
        }

        return selection.TestOnly ? map.Entries.ContainsKey(selection.Field) : map.Get(selection.Field);
    }

    private static object RunCall(Call call, Scope? scope)
    {
        switch (call.Function)
        {
            case "_&&_":
                return Decide(call, scope, false);
            case "_||_":
                return Decide(call, scope, true);
            case "_?_:_":
                return Run(call.Arguments[IsTrue(Run(call.Arguments[0], scope)) ? 1 : 2], scope);
        }

        var arguments = call.Arguments.Select(a => Run(a, scope));
        return call.Target is null
            ? Invoke(call.Function, false, [.. arguments])
            : Invoke(call.Function, true, [Run(call.Target, scope), .. arguments]);
    }

    // Both operators are commutative for errors: one decisive operand is enough, even if the other one fails.
    private static bool Decide(Call call, Scope? scope, bool decisive)
    {
        CelException? failure = null;
        foreach (var operand in call.Arguments)
        {
            try
            {
                if (IsTrue(Run(operand, scope)) == decisive)
                {
                    return decisive;
                }
            }
            catch (CelException e)
            {
                failure ??= e;
            }
        }

        return failure is null ? !decisive : throw failure;
    }

    private static object RunMacro(Macro macro, Scope? scope)
    {
        IEnumerable<object> items = Run(macro.Range, scope) switch
        {
            CelList list => list.Items,
            CelMap map => map.Entries.Keys,
            _ => throw CelException.NoOverload(),
        };
        bool Holds(object item) => macro.Condition is null || IsTrue(Run(macro.Condition, new Scope(macro.Variable, item, scope)));
        return macro.Kind switch
        {
            MacroKind.All => Quantify(items, Holds, false),
            MacroKind.Exists => Quantify(items, Holds, true),
            MacroKind.ExistsOne => items.Count(Holds) == 1,
            MacroKind.Filter => new CelList([.. items.Where(Holds)]),
            _ => new CelList([.. items.Where(Holds).Select(i => Run(macro.Transform!, new Scope(macro.Variable, i, scope)))]),
        };
    }

    private static bool Quantify(IEnumerable<object> items, Func<object, bool> holds, bool decisive)
    {
        CelException? failure = null;
        foreach (var item in items)
        {
            try
            {
                if (holds(item) == decisive)
                {
                    return decisive;
                }
            }
            catch (CelException e)
            {
                failure ??= e;
            }
        }

        return failure is null ? !decisive : throw failure;
    }

    private static bool IsTrue(object value) => value is bool b ? b : throw CelException.NoOverload();

    private static Lazy<object> Ready(object value) => new(value);
}
