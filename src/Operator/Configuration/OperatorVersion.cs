using System.Reflection;

namespace Modestano.Operator.Configuration;

/// <summary>The version that the build wrote into the assembly.</summary>
public static class OperatorVersion
{
    /// <summary>As 0.1.0, with the commit behind a plus sign where the build knew it.</summary>
    public static string Text { get; } =
        typeof(OperatorVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
