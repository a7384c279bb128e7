using System.CommandLine;
using Modestano.Operator.Configuration;

namespace Modestano.Operator.Commands;

/// <summary><c>modestano-operator run</c>, also without a command: the operator itself.</summary>
internal static class RunCommand
{
    /// <summary>The flags, one for each setting.</summary>
    public static IReadOnlyList<Option<string>> CreateFlags() => [.. OperatorSettings.All.Select(CreateFlag)];

    /// <summary>Runs until SIGTERM or Ctrl-C.</summary>
    /// <returns>0 after a stop that was asked for, 1 after a failure, 2 where the configuration is not usable.</returns>
    public static async Task<int> RunAsync(ParseResult arguments, IReadOnlyList<Option<string>> flags, CancellationToken cancellationToken)
    {
        var given = flags
            .Where(f => arguments.GetResult(f) is { Implicit: false })
            .ToDictionary(f => f.Name, f => arguments.GetValue(f) ?? "");
        try
        {
            var settings = new SettingReader(given, Environment.GetEnvironmentVariable);
            var options = OperatorOptions.Read(settings, Environment.GetEnvironmentVariable, File.ReadAllText);
            return await OperatorHost.RunAsync(options, cancellationToken);
        }
        catch (ConfigurationException e)
        {
            await Console.Error.WriteLineAsync("modestano-operator: " + e.Message + "\nmodestano-operator --help lists every setting.");
            return 2;
        }
    }

    private static Option<string> CreateFlag(Setting setting)
    {
        var @default = setting.Default.Length == 0 ? "" : $" Default: {setting.Default}.";
        return new Option<string>(setting.Flag)
        {
            Description = $"{setting.Description} {char.ToUpperInvariant(setting.Allowed[0])}{setting.Allowed[1..]}.{@default} [{setting.Variable}]",
            HelpName = setting.IsSwitch ? "true|false" : "value",
            Arity = setting.IsSwitch ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
    }
}
