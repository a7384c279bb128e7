namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>The most that one run of a rule can cost, in CEL's cost units, from the bounds in the schema.</summary>
/// <remarks>
/// Kubernetes documentation, "Resource use by validation functions". As API servers of 1.30 reckon: a list that an expression makes has no known
/// size, so whatever goes over it (<c>map(…).sum()</c>) costs without limit.
/// </remarks>
internal static class CostEstimator
{
    private const double Unlimited = 1e19;
    private const double PerCharacter = 0.1;
    private const double PerPatternCharacter = 0.25;
    private const double NewList = 10;
    private const double NewMap = 30;

    /// <summary>A variable: its type, and its schema where it is a part of the object.</summary>
    private sealed record Scope(string Name, SchemaNode? Schema, TypeChecker.Scope Types, Scope? Outer)
    {
        public SchemaNode? Find(string name) => Name == name ? Schema : Outer?.Find(name);
    }

    /// <param name="Cost">Cost units.</param>
    /// <param name="Size">Characters or items of the value.</param>
    /// <param name="Schema">The value's schema; null: it is not a part of the object.</param>
    private readonly record struct Estimate(double Cost, double Size, SchemaNode? Schema = null);

    public static double Cost(Expression expression, SchemaNode schema, CelType self)
    {
        var old = new Scope("oldSelf", schema, new TypeChecker.Scope("oldSelf", self, null), null);
        return Of(expression, new Scope("self", schema, new TypeChecker.Scope("self", self, old.Types), old)).Cost;
    }

    private static Estimate Of(Expression expression, Scope scope) => expression switch
    {
        Literal literal => new(0, literal.Value is string text ? text.Length : 1),
        Identifier name => Part(1, scope.Find(name.Name)),
        Selection { TestOnly: true } test => new(1 + Of(test.Operand, scope).Cost, 1),
        Selection selection => Select(selection, scope),
        ListLiteral list => new(NewList + list.Items.Sum(i => Of(i, scope).Cost), list.Items.Count),
        MapLiteral map => new(NewMap + map.Entries.Sum(e => Of(e.Key, scope).Cost + Of(e.Value, scope).Cost), map.Entries.Count),
        Macro macro => OfMacro(macro, scope),
        Call call => OfCall(call, scope),
        _ => new(0, 1),
    };

    private static Estimate Part(double cost, SchemaNode? schema) => new(cost, schema is null ? Unlimited : SchemaSizes.Largest(schema), schema);

    private static Estimate Select(Selection selection, Scope scope)
    {
        var operand = Of(selection.Operand, scope);
        var member = operand.Schema?.Properties.FirstOrDefault(p => CelNames.Escape(p.Key) == selection.Field).Value ?? operand.Schema?.AdditionalProperties;
        return Sized(Part(operand.Cost + 1, member), selection, scope);
    }

    private static Estimate OfMacro(Macro macro, Scope scope)
    {
        var range = Of(macro.Range, scope);
        var rangeType = TypeChecker.Check(macro.Range, scope.Types);
        var isMap = rangeType.Kind == CelKind.Map;
        var variable = isMap ? CelType.String : rangeType.Element ?? CelType.Dyn;
        var inner = new Scope(macro.Variable, isMap ? null : range.Schema?.Items, new TypeChecker.Scope(macro.Variable, variable, scope.Types), scope);
        var condition = macro.Condition is null ? 0 : Of(macro.Condition, inner).Cost;
        var transform = macro.Transform is null ? 1 : Of(macro.Transform, inner).Cost;

        // Before, in, and after the loop: what each macro expands to.
        var (start, step, end) = macro.Kind switch
        {
            MacroKind.All => (0.0, condition + 3, 1.0),
            MacroKind.Exists => (0.0, condition + 4, 1.0),
            MacroKind.ExistsOne => (0.0, condition + 2, 2.0),
            _ => (NewList, condition + transform + NewList + 2, 1.0),
        };
        var size = macro.Kind is MacroKind.Map or MacroKind.Filter ? Unlimited : 1;
        return new(range.Cost + start + (range.Size * step) + end, size);
    }

    private static Estimate OfCall(Call call, Scope scope)
    {
        var arguments = call.Arguments.Select(a => Of(a, scope)).ToList();
        if (call.Target is { } target)
        {
            arguments.Insert(0, Of(target, scope));
        }

        var given = arguments.Sum(a => a.Cost);
        var first = arguments.Count > 0 ? arguments[0] : default;
        var second = arguments.Count > 1 ? arguments[1] : default;
        var isText = arguments.Count > 0 && TypeChecker.Check(call.Target ?? call.Arguments[0], scope.Types).Kind is CelKind.String or CelKind.Bytes;
        Estimate result = call.Function switch
        {
            "_&&_" or "_||_" => new(given, 1),
            "_?_:_" => new(first.Cost + Math.Max(second.Cost, arguments[2].Cost), Math.Max(second.Size, arguments[2].Size)),
            "_==_" or "_!=_" => new(given + Ceiling(Math.Min(first.Size, second.Size), PerCharacter), 1),
            "_<_" or "_<=_" or "_>_" or "_>=_" when isText => new(given + Ceiling(Math.Min(first.Size, second.Size), PerCharacter), 1),
            "@in" => new(given + second.Size, 1),
            "_[_]" => Part(given + 1, first.Schema?.Items ?? first.Schema?.AdditionalProperties),
            "_+_" when isText => new(given + Ceiling(first.Size + second.Size, PerCharacter), first.Size + second.Size),
            "matches" or "find" or "findAll" => new(given + (Ceiling(first.Size + 1, PerCharacter) * Ceiling(second.Size, PerPatternCharacter)), first.Size),
            "contains" => new(given + (Ceiling(first.Size, PerCharacter) * Ceiling(second.Size, PerCharacter)), 1),
            "startsWith" or "endsWith" => new(given + Ceiling(second.Size, PerCharacter), 1),
            "lowerAscii" or "upperAscii" or "substring" or "trim" => new(given + Ceiling(first.Size, PerCharacter), first.Size),
            "replace" or "split" => new(given + Ceiling(first.Size, 2 * PerCharacter), Unlimited),
            "indexOf" or "lastIndexOf" when isText => new(given + Ceiling(first.Size, PerCharacter), 1),
            "sum" or "min" or "max" or "isSorted" or "indexOf" or "lastIndexOf" or "join" => new(given + (first.Size * (1 + TextOf(first))), Unlimited),
            _ => new(given + 1, Unlimited),
        };
        return Sized(result, call, scope);
    }

    // Comparing the items of a list of strings goes through each of them.
    private static double TextOf(Estimate list) => list.Schema?.Items is { Type: "string" } item ? Ceiling(SchemaSizes.Largest(item), PerCharacter) : 0;

    // Numbers, booleans and times have a constant size wherever they come from.
    private static Estimate Sized(Estimate estimate, Expression expression, Scope scope) =>
        TypeChecker.Check(expression, scope.Types).Kind is CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.Timestamp or CelKind.Duration
            ? estimate with { Size = 1 }
            : estimate;

    private static double Ceiling(double size, double factor) => Math.Ceiling(size * factor);
}
