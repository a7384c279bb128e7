using System.Text.RegularExpressions;
using Modestano.Cli.Cluster;

namespace Modestano.Cli.Init;

/// <summary>Where something is, by a tag of its own or by a pattern that its name holds. Pure.</summary>
internal sealed class PlaceRule
{
    private const string TagPrefix = "tag:";

    private readonly string? _tag;
    private readonly Regex? _pattern;

    private PlaceRule(string? tag, Regex? pattern) => (_tag, _pattern) = (tag, pattern);

    /// <summary>AWS regions: the tag <c>region</c>, else as they stand in a name.</summary>
    public static PlaceRule Region { get; } = new("region", Compiled(@"(?<![a-z])[a-z]{2}(?:-[a-z]+)+-\d(?![0-9])"));

    /// <summary>AWS zones: the tag <c>zone</c>, else as they stand in a name.</summary>
    public static PlaceRule Zone { get; } = new("zone", Compiled(@"(?<![a-z])[a-z]{2}(?:-[a-z]+)+-\d[a-z](?![a-z0-9])"));

    /// <summary><c>tag:NAME</c>, or a regular expression whose first group, or whole match, is the place.</summary>
    /// <exception cref="PluginException">It is neither.</exception>
    public static PlaceRule Parse(string option, string text)
    {
        if (text.StartsWith(TagPrefix, StringComparison.Ordinal))
        {
            return new PlaceRule(text[TagPrefix.Length..], null);
        }

        try
        {
            return new PlaceRule(null, Compiled(text));
        }
        catch (RegexParseException e)
        {
            throw new PluginException($"{option}: '{text}' is no regular expression ({e.Message}); write one that matches the place in a host, or tag:NAME");
        }
    }

    /// <summary>The place; null: neither tag nor name tells.</summary>
    public string? Of(string name, IReadOnlyDictionary<string, string>? tags = null)
    {
        if (_tag is not null && tags?.TryGetValue(_tag, out var told) == true && told.Length > 0)
        {
            return told;
        }

        return _pattern?.Match(name) is { Success: true } match ? (match.Groups.Count > 1 ? match.Groups[1].Value : match.Value) : null;
    }

    private static Regex Compiled(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
}
