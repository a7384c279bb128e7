namespace Modestano.Crds.Schema;

/// <summary>A column of <c>kubectl get</c> (<c>additionalPrinterColumns</c>), in the order of declaration.</summary>
/// <param name="name">The heading.</param>
/// <param name="type">string, integer, number, boolean or date.</param>
/// <param name="jsonPath">Where the value is, as <c>.status.phase</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class PrinterColumnAttribute(string name, string type, string jsonPath) : Attribute
{
    /// <summary>The heading.</summary>
    public string Name { get; } = name;

    /// <summary>string, integer, number, boolean or date.</summary>
    public string Type { get; } = type;

    /// <summary>Where the value is.</summary>
    public string JsonPath { get; } = jsonPath;

    /// <summary>0: always shown; 1: only with <c>-o wide</c>.</summary>
    public int Priority { get; init; }
}
