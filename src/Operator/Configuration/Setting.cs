namespace Modestano.Operator.Configuration;

/// <summary>One setting of the operator: a flag, and an environment variable of the same name; the flag wins.</summary>
/// <param name="Name">In kebab case, as in the flag.</param>
/// <param name="Description">What it does.</param>
/// <param name="Allowed">The values that are allowed, as a person would say it.</param>
/// <param name="Default">The value where none is given, as it would be written; empty: none.</param>
public abstract record Setting(string Name, string Description, string Allowed, string Default)
{
    /// <summary>The flag.</summary>
    public string Flag => "--" + Name;

    /// <summary>The environment variable.</summary>
    public string Variable => "MODESTANO_" + Name.ToUpperInvariant().Replace('-', '_');

    /// <summary>Whether the flag may stand alone, meaning true.</summary>
    public virtual bool IsSwitch => false;
}

/// <summary>A setting with a value of one type.</summary>
/// <param name="Name">In kebab case.</param>
/// <param name="Description">What it does.</param>
/// <param name="Allowed">The values that are allowed.</param>
/// <param name="Default">The value where none is given.</param>
/// <param name="TryRead">Reads the text; false where it is not allowed.</param>
public sealed record Setting<T>(string Name, string Description, string Allowed, string Default, TryRead<T> TryRead)
    : Setting(Name, Description, Allowed, Default)
{
    /// <inheritdoc/>
    public override bool IsSwitch => typeof(T) == typeof(bool);
}

/// <summary>Reads a value from text.</summary>
/// <returns>False where the text is not allowed.</returns>
public delegate bool TryRead<T>(string text, out T value);
