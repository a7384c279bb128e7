namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>Finds unknown fields, variables and functions, and arguments of wrong types, before a rule runs.</summary>
internal static class TypeChecker
{
    /// <summary>A variable's type and those around it.</summary>
    internal sealed record Scope(string Name, CelType Type, Scope? Outer)
    {
        public CelType? Find(string name) => Name == name ? Type : Outer?.Find(name);
    }

    /// <exception cref="CelCompileException">The expression is wrong.</exception>
    public static CelType Check(Expression expression, Scope scope) => expression switch
    {
        Literal literal => CelType.Of(CelComparer.KindOf(literal.Value)),
        Identifier name => scope.Find(name.Name) ?? TypeName(name),
        Selection selection => Select(selection, scope),
        ListLiteral list => CelType.ListOf(Common(list.Items.Select(i => Check(i, scope)))),
        MapLiteral map => CheckMap(map, scope),
        Macro macro => CheckMacro(macro, scope),
        Call call => CheckCall(call, scope),
        _ => CelType.Dyn,
    };

    private static CelType TypeName(Identifier name) => name.Name is "bool" or "int" or "uint" or "double" or "string" or "bytes" or "list" or "map" or "null_type" or "type"
        ? CelType.Of(CelKind.Type)
        : throw new CelCompileException($"undeclared reference to '{name.Name}' (in container '')", name.Position);

    private static CelType Select(Selection selection, Scope scope)
    {
        var operand = Check(selection.Operand, scope);
        var field = operand.Kind switch
        {
            CelKind.Object => operand.Fields!.GetValueOrDefault(selection.Field)
                ?? throw new CelCompileException($"undefined field '{selection.Field}'", selection.Position),
            CelKind.Map => operand.Element!,
            CelKind.Dyn => CelType.Dyn,
            _ => throw new CelCompileException($"type '{operand}' does not support field selection", selection.Position),
        };
        return selection.TestOnly ? CelType.Bool : field;
    }

    private static CelType CheckMap(MapLiteral map, Scope scope)
    {
        foreach (var (key, _) in map.Entries)
        {
            Check(key, scope);
        }

        return CelType.MapOf(Common(map.Entries.Select(e => Check(e.Value, scope))));
    }

    private static CelType CheckMacro(Macro macro, Scope scope)
    {
        var range = Check(macro.Range, scope);
        var variable = range.Kind switch
        {
            CelKind.List => range.Element!,
            CelKind.Map => CelType.String,
            CelKind.Dyn => CelType.Dyn,
            _ => throw new CelCompileException(
                $"expression of type '{range}' cannot be range of a comprehension (must be list, map, or dynamic)",
                macro.Range.Position),
        };
        var inner = new Scope(macro.Variable, variable, scope);
        if (macro.Condition is { } condition && !CelType.Bool.Fits(Check(condition, inner)))
        {
            throw new CelCompileException($"expected type 'bool' but found '{Check(condition, inner)}'", condition.Position);
        }

        return macro.Kind switch
        {
            MacroKind.Map => CelType.ListOf(Check(macro.Transform!, inner)),
            MacroKind.Filter => CelType.ListOf(variable),
            _ => CelType.Bool,
        };
    }

    private static CelType CheckCall(Call call, Scope scope)
    {
        var target = call.Target is null ? null : Check(call.Target, scope);
        var arguments = call.Arguments.Select(a => Check(a, scope)).ToList();
        List<CelType> all = target is null ? arguments : [target, .. arguments];
        switch (call.Function)
        {
            case "_&&_" or "_||_" when all.TrueForAll(CelType.Bool.Fits):
                return CelType.Bool;
            case "_?_:_" when CelType.Bool.Fits(all[0]) && all[1].Fits(all[2]):
                return all[1].Join(all[2]);
            case "_&&_" or "_||_" or "_?_:_":
            case "_==_" or "_!=_" when !all[0].Fits(all[1]) && all[0].Kind != CelKind.Null && all[1].Kind != CelKind.Null:
            case "@in" when all[1].Kind == CelKind.List && !all[0].Fits(all[1].Element!):
                throw NoOverload(call, target, arguments);
        }

        var named = FunctionTable.Instance.Named(call.Function);
        if (named.Count == 0)
        {
            throw new CelCompileException($"undeclared reference to '{call.Function}' (in container '')", call.Position);
        }

        var kinds = all.ConvertAll(t => t.Kind);
        var results = named.Where(o => o.Takes(target is not null, kinds)).Select(o => o.Result(all)).ToList();
        return results.Count == 0 ? throw NoOverload(call, target, arguments) : results.Aggregate((a, b) => a.Join(b));
    }

    private static CelType Common(IEnumerable<CelType> types)
    {
        var all = types.ToList();
        return all.Count == 0 ? CelType.Dyn : all.Aggregate((a, b) => a.Join(b));
    }

    private static CelCompileException NoOverload(Call call, CelType? target, List<CelType> arguments) => new(
        $"found no matching overload for '{call.Function}' applied to '{(target is null ? "" : $"{target}.")}({string.Join(", ", arguments)})'",
        call.Position);
}
