using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Modestano.Operations.Tests.Iam;

/// <summary>A Terraform module's policy documents with values for what they refer to: as much of HCL as <c>config/iam/terraform</c> uses.</summary>
internal sealed partial class TerraformModule
{
    private readonly Block _root = new("", []);
    private readonly IReadOnlyDictionary<string, string[]> _values;

    /// <param name="hcl">The module's text.</param>
    /// <param name="values">By reference, as <c>var.hosted_zone_id</c>.</param>
    public TerraformModule(string hcl, IReadOnlyDictionary<string, string[]> values)
    {
        _values = values;
        var open = new Stack<Block>([_root]);
        foreach (var line in hcl.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && !l.StartsWith('#')))
        {
            if (line == "}")
            {
                open.Pop();
            }
            else if (Head().Match(line) is { Success: true } head)
            {
                var block = new Block(head.Groups["head"].Value.Trim().Replace("\"", "", StringComparison.Ordinal), []);
                open.Peek().Blocks.Add(block);
                if (head.Groups["empty"].Length == 0)
                {
                    open.Push(block);
                }
            }
            else
            {
                var (name, value) = line.Split('=', 2, StringSplitOptions.TrimEntries) is [var left, var right] ? (left, right) : throw new FormatException($"not understood: {line}");
                if (value == "{")
                {
                    open.Push(new Block(name, []));
                    continue;
                }

                open.Peek().Values[name] = value;
            }
        }

        if (open.Count != 1)
        {
            throw new FormatException("a block is not closed");
        }
    }

    /// <summary>Names of the variables.</summary>
    public IEnumerable<string> Variables => _root.Blocks.Where(b => b.Head.StartsWith("variable ", StringComparison.Ordinal)).Select(b => b.Head.Split(' ')[1]);

    /// <summary>The value of a variable that nobody gave.</summary>
    public string Default(string variable) => _root.Blocks.Single(b => b.Head == $"variable {variable}").Values["default"].Trim('"');

    /// <summary>What <c>data.aws_iam_policy_document.NAME.json</c> is.</summary>
    public JsonNode Policy(string name) => new JsonObject
    {
        ["Statement"] = new JsonArray([.. _root.Blocks.Single(b => b.Head == $"data aws_iam_policy_document {name}").Blocks.Select(Statement)]),
    };

    private JsonNode Statement(Block statement)
    {
        var written = new JsonObject { ["Sid"] = Text(statement, "sid"), ["Effect"] = Text(statement, "effect"), ["Action"] = List(statement, "actions") };
        if (statement.Values.ContainsKey("resources"))
        {
            written["Resource"] = List(statement, "resources");
        }

        foreach (var principals in statement.Blocks.Where(b => b.Head == "principals"))
        {
            written["Principal"] = new JsonObject { [Text(principals, "type")] = List(principals, "identifiers") };
        }

        foreach (var condition in statement.Blocks.Where(b => b.Head == "condition"))
        {
            var conditions = (written["Condition"] ??= new JsonObject()).AsObject();
            (conditions[Text(condition, "test")] ??= new JsonObject())[Text(condition, "variable")] = List(condition, "values");
        }

        return written;
    }

    private string Text(Block block, string name) => Filled(block.Values[name].Trim('"'));

    private JsonArray List(Block block, string name) => new([.. Values(block.Values[name]).Select(v => JsonValue.Create(v))]);

    private string[] Values(string expression)
    {
        if (expression.StartsWith("concat(", StringComparison.Ordinal))
        {
            return Concat().Match(expression) is { Success: true } concat
                ? [.. Values(concat.Groups["first"].Value), .. Values(concat.Groups["second"].Value).Select(v => concat.Groups["format"].Value.Replace("%s", v, StringComparison.Ordinal))]
                : throw new FormatException($"not understood: {expression}");
        }

        return expression.StartsWith('[')
            ? [.. expression.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries).SelectMany(e => e.StartsWith('"') ? [Filled(e.Trim('"'))] : Values(e))]
            : _values[expression];
    }

    private string Filled(string text) => Placeholder().Replace(text, m => _values[m.Groups["name"].Value].Single());

    [GeneratedRegex(@"^(?<head>[^={]+)\{(?<empty>\})?$")]
    private static partial Regex Head();

    [GeneratedRegex(@"^concat\((?<first>[a-z._]+), formatlist\(""(?<format>[^""]+)"", (?<second>[a-z._]+)\)\)$")]
    private static partial Regex Concat();

    [GeneratedRegex(@"\$\{(?<name>[a-z_.]+)\}")]
    private static partial Regex Placeholder();

    private sealed record Block(string Head, List<Block> Blocks)
    {
        public Dictionary<string, string> Values { get; } = [];
    }
}
