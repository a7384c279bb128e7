namespace Modestano.Operator.Dns.Route53;

/// <summary>Ids of zones, changes and health checks. They stand in the path of requests, so nothing else may.</summary>
internal static class Ids
{
    private const int Longest = 64;

    /// <summary>Whether a text, without the path that answers put in front, can be an id: the API's model sets a length and no pattern.</summary>
    public static bool IsBare(string text) =>
        text.Length is > 0 and <= Longest && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => c is not ('/' or '\\') && !char.IsWhiteSpace(c) && !char.IsControl(c));
}
