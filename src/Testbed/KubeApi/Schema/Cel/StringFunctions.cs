using System.Text;

namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>String functions: CEL's own, the extended strings library, and Kubernetes' regex library. Positions count code points.</summary>
internal static class StringFunctions
{
    private const CelKind Str = CelKind.String;
    private const CelKind Int = CelKind.Int;
    private const CelKind Bool = CelKind.Bool;

    public static void AddTo(FunctionTable table)
    {
        table.Function("size", Int, a => (long)JsonForm.Length(S(a, 0)), Str);
        table.Method("size", Int, a => (long)JsonForm.Length(S(a, 0)), Str);
        table.Function("size", Int, a => (long)((byte[])a[0]).Length, CelKind.Bytes);
        table.Method("size", Int, a => (long)((byte[])a[0]).Length, CelKind.Bytes);

        table.Method("startsWith", Bool, a => S(a, 0).StartsWith(S(a, 1), StringComparison.Ordinal), Str, Str);
        table.Method("endsWith", Bool, a => S(a, 0).EndsWith(S(a, 1), StringComparison.Ordinal), Str, Str);
        table.Method("contains", Bool, a => S(a, 0).Contains(S(a, 1), StringComparison.Ordinal), Str, Str);
        table.Method("matches", Bool, a => Expression(S(a, 1)).IsMatch(S(a, 0)), Str, Str);
        table.Function("matches", Bool, a => Expression(S(a, 1)).IsMatch(S(a, 0)), Str, Str);

        table.Method("lowerAscii", Str, a => Map(S(a, 0), char.IsAsciiLetterUpper, c => (char)(c + 32)), Str);
        table.Method("upperAscii", Str, a => Map(S(a, 0), char.IsAsciiLetterLower, c => (char)(c - 32)), Str);
        table.Method("trim", Str, a => S(a, 0).Trim(), Str);
        table.Method("replace", Str, a => Replace(S(a, 0), S(a, 1), S(a, 2), -1), Str, Str, Str);
        table.Method("replace", Str, a => Replace(S(a, 0), S(a, 1), S(a, 2), (long)a[3]), Str, Str, Str, Int);
        table.Method("charAt", Str, a => Slice(S(a, 0), (long)a[1], Math.Min((long)a[1] + 1, JsonForm.Length(S(a, 0)))), Str, Int);
        table.Method("substring", Str, a => Slice(S(a, 0), (long)a[1], JsonForm.Length(S(a, 0))), Str, Int);
        table.Method("substring", Str, a => Slice(S(a, 0), (long)a[1], (long)a[2]), Str, Int, Int);
        table.Method("indexOf", Int, a => CodePointIndex(S(a, 0), S(a, 0).IndexOf(S(a, 1), StringComparison.Ordinal)), Str, Str);
        table.Method("lastIndexOf", Int, a => CodePointIndex(S(a, 0), S(a, 0).LastIndexOf(S(a, 1), StringComparison.Ordinal)), Str, Str);

        AddListMethods(table);
        table.Method("find", Str, a => Expression(S(a, 1)).Match(S(a, 0)).Value, Str, Str);
    }

    private static void AddListMethods(FunctionTable table)
    {
        ListMethod(table, "split", a => a[1].Length == 0 ? a[0].EnumerateRunes().Select(r => r.ToString()) : a[0].Split(a[1]));
        ListMethod(table, "findAll", a => Expression(a[1]).Matches(a[0]).Select(m => m.Value));
        table.Method("join", Str, a => string.Concat(((CelList)a[0]).Items.Select(Element)), CelKind.List);
        table.Method("join", Str, a => string.Join(S(a, 1), ((CelList)a[0]).Items.Select(Element)), CelKind.List, Str);
    }

    private static void ListMethod(FunctionTable table, string name, Func<string[], IEnumerable<string>> parts) =>
        table.Add(new Overload(
            name,
            true,
            [Str, Str],
            _ => CelType.ListOf(CelType.String),
            a => new CelList([.. parts([S(a, 0), S(a, 1)])])));

    private static string S(object[] arguments, int index) => (string)arguments[index];

    private static string Element(object value) => value as string ?? throw CelException.NoOverload();

    private static System.Text.RegularExpressions.Regex Expression(string pattern)
    {
        try
        {
            return GoRegex.Compile(pattern);
        }
        catch (ArgumentException)
        {
            throw new CelException($"error parsing regexp: {pattern}");
        }
    }

    private static string Map(string text, Func<char, bool> applies, Func<char, char> map) =>
        string.Create(text.Length, (text, applies, map), (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = state.applies(state.text[i]) ? state.map(state.text[i]) : state.text[i];
            }
        });

    private static string Replace(string text, string old, string fresh, long times)
    {
        var result = new StringBuilder();
        var at = 0;
        for (var done = 0L; old.Length > 0 && (times < 0 || done < times); done++)
        {
            var next = text.IndexOf(old, at, StringComparison.Ordinal);
            if (next < 0)
            {
                break;
            }

            result.Append(text, at, next - at).Append(fresh);
            at = next + old.Length;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private static string Slice(string text, long start, long end)
    {
        var runes = text.EnumerateRunes().ToList();
        if (start < 0 || end > runes.Count || start > end)
        {
            throw new CelException($"index out of range: {(start < 0 || start > runes.Count ? start : end)}");
        }

        return string.Concat(runes.Skip((int)start).Take((int)(end - start)).Select(r => r.ToString()));
    }

    private static long CodePointIndex(string text, int index) => index < 0 ? -1 : JsonForm.Length(text[..index]);
}
