using System.Text.RegularExpressions;

namespace Modestano.Cli.Tests.FirstDay;

/// <summary>A command that a page tells a person to type.</summary>
/// <param name="Page">The page.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Text">The command, lines that end with a backslash joined, without its comment.</param>
internal sealed partial record DocumentedCommand(string Page, int Line, string Text)
{
    private static readonly string[] Programs = ["kubectl", "helm", "aws", "dig", "make", "mongosh", "nc", "ssh", "docker", "dotnet", "install", "chmod", "git", "lua", "terraform", "argocd", "sha256sum", "export", "sed", "printf"];

    /// <summary>All commands of a page: of fenced blocks for consoles, of indented blocks, and in the text.</summary>
    public static IReadOnlyList<DocumentedCommand> Of(string page, string text)
    {
        var found = new List<DocumentedCommand>();
        var lines = text.Split('\n');
        string? fence = null;
        for (var i = 0; i < lines.Length; i++)
        {
            if (Fence().Match(lines[i]) is { Success: true } mark)
            {
                fence = fence is null ? mark.Groups[1].Value : null;
                continue;
            }

            var first = i;
            var isCode = fence is "console" or "sh" or "bash" || (fence is null && lines[i].StartsWith("    ", StringComparison.Ordinal));
            if (!isCode)
            {
                found.AddRange(fence is null ? Inline().Matches(lines[i]).Select(m => new DocumentedCommand(page, first + 1, m.Groups[1].Value)).Where(c => c.IsWhole) : []);
                continue;
            }

            var command = lines[i].Trim();
            while (command.EndsWith('\\') && i + 1 < lines.Length)
            {
                command = command[..^1].TrimEnd() + " " + lines[++i].Trim();
            }

            command = Comment().Replace(Prompt().Replace(command, ""), "");
            if (Programs.Contains(command.Split(' ')[0]))
            {
                found.Add(new DocumentedCommand(page, first + 1, command));
            }
        }

        return found;
    }

    // A name in running text, as `kubectl get` or `kubectl modestano resume`, is no command to type.
    private bool IsWhole => Text.StartsWith("kubectl ", StringComparison.Ordinal) && Text.Split(' ') is var words
        && words.Length >= (words[1] == "modestano" ? 4 : 3)
        && !Text.Contains('<', StringComparison.Ordinal)
        && !Text.Contains('…', StringComparison.Ordinal)
        && words[1] != "edit"
        && !words[2].StartsWith('-');

    public override string ToString() => $"{Page}:{Line} {Text}";

    [GeneratedRegex("^ {0,3}```(\\w*)", RegexOptions.CultureInvariant)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\$ ", RegexOptions.CultureInvariant)]
    private static partial Regex Prompt();

    // What follows two blanks and a number sign is for the reader.
    [GeneratedRegex(@"\s{2,}#.*$", RegexOptions.CultureInvariant)]
    private static partial Regex Comment();

    [GeneratedRegex("`([^`]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Inline();
}
