using System.Text.Json.Nodes;
using Modestano.Crds.Generation;
using YamlDotNet.Core;

namespace Modestano.Cli.Views;

/// <summary>JSON as block YAML, in its own order, its texts as <see cref="YamlScalar"/> writes them. Pure.</summary>
internal static class YamlBlock
{
    /// <summary>The text, with a line break at its end.</summary>
    public static string Of(JsonObject map) => YamlText.Of(map, text => YamlScalar.IsPlain(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted);
}
