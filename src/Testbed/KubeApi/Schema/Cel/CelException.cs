namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>An expression failed while it ran, as <c>no such key: x</c>.</summary>
internal sealed class CelException(string message) : Exception(message)
{
    /// <summary>No function takes arguments of these types; only possible where a type is dynamic.</summary>
    public static CelException NoOverload() => new("no such overload");
}

/// <summary>An expression does not compile.</summary>
/// <param name="problem">What is wrong, as <c>undefined field 'nope'</c>.</param>
/// <param name="position">Where, as an index into the source.</param>
internal sealed class CelCompileException(string problem, int position) : Exception(problem)
{
    /// <summary>The message as a server shows it: place, source line, and a pointer under it.</summary>
    public string Describe(string source)
    {
        var at = Math.Clamp(position, 0, source.Length);
        var lineStart = at == 0 ? 0 : source.LastIndexOf('\n', at - 1) + 1;
        var lineEnd = source.IndexOf('\n', lineStart);
        var line = lineEnd < 0 ? source[lineStart..] : source[lineStart..lineEnd];
        var row = source.AsSpan(0, lineStart).Count('\n') + 1;
        var column = at - lineStart;
        return $"ERROR: <input>:{row}:{column + 1}: {Message}\n | {line}\n | {new string('.', column)}^";
    }
}
