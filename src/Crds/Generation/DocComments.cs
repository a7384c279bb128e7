using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Modestano.Crds.Generation;

/// <summary>Summaries of types and properties, from the XML documentation file that the compiler writes beside the assembly.</summary>
internal sealed partial class DocComments
{
    private readonly Dictionary<string, XElement> members;
    private readonly Assembly assembly;

    private DocComments(Dictionary<string, XElement> members, Assembly assembly)
    {
        this.members = members;
        this.assembly = assembly;
    }

    /// <exception cref="InvalidOperationException">The documentation file is not there.</exception>
    public static DocComments Of(Assembly assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml");
        if (!File.Exists(file))
        {
            throw new InvalidOperationException($"{file} is missing: descriptions come from it, so build with GenerateDocumentationFile and keep the file beside the assembly");
        }

        var members = XDocument.Load(file).Descendants("member")
            .Where(m => m.Element("summary") is not null)
            .ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary")!, StringComparer.Ordinal);
        return new DocComments(members, assembly);
    }

    /// <summary>A type's summary on one line; null: it has none.</summary>
    public string? Of(Type type) => Text($"T:{type.FullName}");

    /// <summary>A property's summary on one line; null: it has none.</summary>
    public string? Of(PropertyInfo property) => Text($"P:{property.DeclaringType!.FullName}.{property.Name}");

    private string? Text(string member)
    {
        if (!members.TryGetValue(member, out var summary))
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var node in summary.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "see" } see => Reference(see.Attribute("cref")?.Value ?? see.Attribute("langword")?.Value ?? ""),
                XElement element => element.Value,
                _ => "",
            });
        }

        return Blanks().Replace(text.ToString(), " ").Trim();
    }

    // People read descriptions with kubectl explain: they know JSON names, and want values rather than the class that lists them.
    private string Reference(string cref)
    {
        var name = cref[(cref.LastIndexOf('.') + 1)..];
        if (cref.StartsWith("P:", StringComparison.Ordinal))
        {
            return char.ToLowerInvariant(name[0]) + name[1..];
        }

        var type = cref.StartsWith("T:", StringComparison.Ordinal) ? assembly.GetType(cref[2..]) : null;
        return type is { IsAbstract: true, IsSealed: true }
            ? string.Join(", ", type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => f.GetRawConstantValue()))
            : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
