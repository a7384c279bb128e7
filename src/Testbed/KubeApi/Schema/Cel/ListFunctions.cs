namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary><c>size</c>, and Kubernetes' list library: isSorted, sum, min, max, indexOf, lastIndexOf.</summary>
internal static class ListFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Function("size", CelKind.Int, a => (long)Items(a).Count, CelKind.List);
        table.Method("size", CelKind.Int, a => (long)Items(a).Count, CelKind.List);
        table.Function("size", CelKind.Int, a => (long)((CelMap)a[0]).Entries.Count, CelKind.Map);
        table.Method("size", CelKind.Int, a => (long)((CelMap)a[0]).Entries.Count, CelKind.Map);

        table.Method("isSorted", CelKind.Bool, a => Items(a).Zip(Items(a).Skip(1)).All(p => CelComparer.Compare(p.First, p.Second) <= 0), CelKind.List);
        Element(table, "min", a => Extreme(a, -1));
        Element(table, "max", a => Extreme(a, 1));
        Element(table, "sum", Sum);
        table.Method("indexOf", CelKind.Int, a => (long)Items(a).ToList().FindIndex(i => CelComparer.Same(i, a[1])), CelKind.List, CelKind.Dyn);
        table.Method("lastIndexOf", CelKind.Int, a => (long)Items(a).ToList().FindLastIndex(i => CelComparer.Same(i, a[1])), CelKind.List, CelKind.Dyn);
    }

    private static IReadOnlyList<object> Items(object[] arguments) => ((CelList)arguments[0]).Items;

    private static void Element(FunctionTable table, string name, Func<object[], object> invoke) =>
        table.Add(new Overload(name, true, [CelKind.List], t => t[0].Element ?? CelType.Dyn, invoke));

    private static object Extreme(object[] arguments, int sign)
    {
        var items = Items(arguments);
        if (items.Count == 0)
        {
            throw new CelException($"{(sign < 0 ? "min" : "max")} called on empty list");
        }

        return items.Aggregate((best, item) => CelComparer.Compare(item, best) * sign > 0 ? item : best);
    }

    // An empty list of numbers sums to 0; which kind of zero makes no difference to a comparison.
    private static object Sum(object[] arguments)
    {
        var items = Items(arguments);
        return items.Count == 0 ? 0L : items.Aggregate((total, item) => Evaluator.Invoke("_+_", false, [total, item]));
    }
}
