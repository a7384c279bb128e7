namespace Modestano.Testbed.KubeApi.Schema.Cel;

/// <summary>One signature of a function: what the checker compares with and the evaluator calls.</summary>
/// <param name="Name">The function's or operator's name.</param>
/// <param name="IsMethod">True: the first parameter stands before the dot.</param>
/// <param name="Parameters">Kinds; Dyn takes anything.</param>
/// <param name="Result">The result's type for the types of the arguments.</param>
/// <param name="Invoke">The function itself.</param>
internal sealed record Overload(
    string Name,
    bool IsMethod,
    IReadOnlyList<CelKind> Parameters,
    Func<IReadOnlyList<CelType>, CelType> Result,
    Func<object[], object> Invoke)
{
    /// <summary>True: values of these kinds may be passed; Dyn on either side is decided when the rule runs.</summary>
    public bool Takes(bool isMethod, IReadOnlyList<CelKind> kinds)
    {
        if (isMethod != IsMethod || kinds.Count != Parameters.Count)
        {
            return false;
        }

        for (var i = 0; i < kinds.Count; i++)
        {
            if (Parameters[i] != CelKind.Dyn && kinds[i] != CelKind.Dyn && Parameters[i] != kinds[i])
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Every function that rules can use.</summary>
internal sealed class FunctionTable
{
    private readonly Dictionary<string, List<Overload>> overloads = new(StringComparer.Ordinal);

    private FunctionTable()
    {
        Operators.AddTo(this);
        Conversions.AddTo(this);
        StringFunctions.AddTo(this);
        ListFunctions.AddTo(this);
        TimeFunctions.AddTo(this);
    }

    public static FunctionTable Instance { get; } = new();

    public IReadOnlyList<Overload> Named(string name) => overloads.GetValueOrDefault(name) ?? [];

    /// <summary>A function or operator.</summary>
    public void Function(string name, CelKind result, Func<object[], object> invoke, params CelKind[] parameters) =>
        Add(new Overload(name, false, parameters, _ => CelType.Of(result), invoke));

    /// <summary>A method: the first parameter is what stands before the dot.</summary>
    public void Method(string name, CelKind result, Func<object[], object> invoke, params CelKind[] parameters) =>
        Add(new Overload(name, true, parameters, _ => CelType.Of(result), invoke));

    public void Add(Overload overload)
    {
        if (!overloads.TryGetValue(overload.Name, out var same))
        {
            overloads[overload.Name] = same = [];
        }

        same.Add(overload);
    }
}
