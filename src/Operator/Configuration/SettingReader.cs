namespace Modestano.Operator.Configuration;

/// <summary>Reads settings from flags and environment and collects every mistake, so that a person corrects all of them at once.</summary>
/// <param name="flags">By flag name, only those given.</param>
/// <param name="environment">Reads an environment variable.</param>
public sealed class SettingReader(IReadOnlyDictionary<string, string> flags, Func<string, string?> environment)
{
    private readonly List<string> _mistakes = [];

    /// <summary>What is wrong, one sentence each.</summary>
    public IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>The value from the flag, else from the environment, else the default.</summary>
    public T Read<T>(Setting<T> setting)
    {
        var (text, source) = Find(setting);
        if (setting.TryRead(text, out var value))
        {
            return value;
        }

        _mistakes.Add($"{source}: '{text}' is not allowed; allowed: {setting.Allowed}");
        setting.TryRead(setting.Default, out var fallback);
        return fallback;
    }

    /// <summary>Adds a mistake that involves several settings.</summary>
    public void Reject(string mistake) => _mistakes.Add(mistake);

    private (string Text, string Source) Find(Setting setting)
    {
        if (flags.TryGetValue(setting.Flag, out var flag))
        {
            return (flag.Length == 0 && setting.IsSwitch ? "true" : flag, setting.Flag);
        }

        return environment(setting.Variable) is { Length: > 0 } variable ? (variable, setting.Variable) : (setting.Default, setting.Flag);
    }
}

/// <summary>The configuration is wrong; the message has a line for each mistake.</summary>
public sealed class ConfigurationException(IReadOnlyList<string> mistakes)
    : Exception("the configuration is not usable:\n" + string.Join('\n', mistakes.Select(m => "  " + m)))
{
    /// <summary>One sentence each, naming setting, value and what is allowed.</summary>
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
