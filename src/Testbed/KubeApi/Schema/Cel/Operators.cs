namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>Arithmetic, comparison, membership and indexing. <c>&amp;&amp;</c>, <c>||</c> and <c>?:</c> are the evaluator's, as they skip operands.</summary>
internal static class Operators
{
    private static readonly CelKind[] Ordered =
        [CelKind.Bool, CelKind.Int, CelKind.Uint, CelKind.Double, CelKind.String, CelKind.Bytes, CelKind.Timestamp, CelKind.Duration];

    public static void AddTo(FunctionTable table)
    {
        AddComparison(table);
        AddArithmetic(table);
        table.Function("!_", CelKind.Bool, a => !(bool)a[0], CelKind.Bool);
        table.Add(new Overload("@in", false, [CelKind.Dyn, CelKind.List], _ => CelType.Bool, a => ((CelList)a[1]).Items.Any(i => CelComparer.Same(i, a[0]))));
        table.Function("@in", CelKind.Bool, a => ((CelMap)a[1]).Entries.ContainsKey(a[0]), CelKind.Dyn, CelKind.Map);
        table.Add(new Overload("_[_]", false, [CelKind.List, CelKind.Int], t => t[0].Element ?? CelType.Dyn, a => Item((CelList)a[0], (long)a[1])));
        table.Add(new Overload("_[_]", false, [CelKind.Map, CelKind.Dyn], t => t[0].Element ?? CelType.Dyn, a => ((CelMap)a[0]).Get(a[1])));
    }

    private static void AddComparison(FunctionTable table)
    {
        table.Function("_==_", CelKind.Bool, a => CelComparer.Same(a[0], a[1]), CelKind.Dyn, CelKind.Dyn);
        table.Function("_!=_", CelKind.Bool, a => !CelComparer.Same(a[0], a[1]), CelKind.Dyn, CelKind.Dyn);
        foreach (var kind in Ordered)
        {
            table.Function("_<_", CelKind.Bool, a => CelComparer.Compare(a[0], a[1]) < 0, kind, kind);
            table.Function("_<=_", CelKind.Bool, a => CelComparer.Compare(a[0], a[1]) <= 0, kind, kind);
            table.Function("_>_", CelKind.Bool, a => CelComparer.Compare(a[0], a[1]) > 0, kind, kind);
            table.Function("_>=_", CelKind.Bool, a => CelComparer.Compare(a[0], a[1]) >= 0, kind, kind);
        }
    }

    private static void AddArithmetic(FunctionTable table)
    {
        Integers(table, "_+_", (x, y) => checked(x + y), (x, y) => checked(x + y));
        Integers(table, "_-_", (x, y) => checked(x - y), (x, y) => checked(x - y));
        Integers(table, "_*_", (x, y) => checked(x * y), (x, y) => checked(x * y));
        Integers(table, "_/_", (x, y) => y == 0 ? throw new CelException("division by zero") : x / y, (x, y) => y == 0 ? throw new CelException("division by zero") : x / y);
        Integers(table, "_%_", (x, y) => y == 0 ? throw new CelException("modulus by zero") : y == -1 ? 0 : x % y, (x, y) => y == 0 ? throw new CelException("modulus by zero") : x % y);
        table.Function("-_", CelKind.Int, a => Checked(() => checked(-(long)a[0])), CelKind.Int);

        table.Function("_+_", CelKind.Double, a => (double)a[0] + (double)a[1], CelKind.Double, CelKind.Double);
        table.Function("_-_", CelKind.Double, a => (double)a[0] - (double)a[1], CelKind.Double, CelKind.Double);
        table.Function("_*_", CelKind.Double, a => (double)a[0] * (double)a[1], CelKind.Double, CelKind.Double);
        table.Function("_/_", CelKind.Double, a => (double)a[0] / (double)a[1], CelKind.Double, CelKind.Double);
        table.Function("-_", CelKind.Double, a => -(double)a[0], CelKind.Double);

        table.Function("_+_", CelKind.String, a => (string)a[0] + (string)a[1], CelKind.String, CelKind.String);
        table.Function("_+_", CelKind.Bytes, a => ((byte[])a[0]).Concat((byte[])a[1]).ToArray(), CelKind.Bytes, CelKind.Bytes);
        table.Add(new Overload(
            "_+_",
            false,
            [CelKind.List, CelKind.List],
            t => t[0].Join(t[1]),
            a => new CelList([.. ((CelList)a[0]).Items, .. ((CelList)a[1]).Items])));
    }

    private static void Integers(FunctionTable table, string name, Func<long, long, long> signed, Func<ulong, ulong, ulong> unsigned)
    {
        table.Function(name, CelKind.Int, a => Checked(() => signed((long)a[0], (long)a[1])), CelKind.Int, CelKind.Int);
        table.Function(name, CelKind.Uint, a => Checked(() => unsigned((ulong)a[0], (ulong)a[1])), CelKind.Uint, CelKind.Uint);
    }

    /// <summary>Arithmetic that fails as CEL does where the result does not fit.</summary>
    public static object Checked<T>(Func<T> compute)
        where T : struct
    {
        try
        {
            return compute();
        }
        catch (OverflowException)
        {
            throw new CelException("integer overflow");
        }
    }

    private static object Item(CelList list, long index) => index >= 0 && index < list.Items.Count
        ? list.Items[(int)index]
        : throw new CelException($"index out of bounds: {index}");
}
