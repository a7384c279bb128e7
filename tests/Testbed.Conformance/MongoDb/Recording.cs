using System.Globalization;
using System.Reflection;
using MongoDB.Bson;
using MongoDB.Bson.IO;

namespace Modestano.Testbed.Conformance.MongoDb;

/// <summary>One exchange with a real mongod 4.9.0.</summary>
/// <param name="Folder">What the exchange is about.</param>
/// <param name="Name">File name without extension; it begins with its number.</param>
/// <param name="Member">host:port that the command was sent to.</param>
/// <param name="Command">The command, with <c>$db</c>.</param>
/// <param name="Reply">What came back.</param>
/// <param name="Elapsed">How long it took; null where it was not measured.</param>
internal sealed record Recording(string Folder, string Name, string Member, BsonDocument Command, BsonDocument Reply, TimeSpan? Elapsed)
{
    private const string Root = "MongoDb/Recordings/";

    /// <summary>Number at the start of the name.</summary>
    public int Number => int.Parse(Name.AsSpan(0, 3), CultureInfo.InvariantCulture);

    public int Port => int.Parse(Member.AsSpan(Member.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);

    public static IReadOnlyList<Recording> InFolder(string folder) =>
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith($"{Root}{folder}/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Load),
    ];

    public override string ToString() => Name;

    private static Recording Load(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var text = new StreamReader(stream);
        using var reader = new JsonReader(text.ReadToEnd());
        var document = MongoDB.Bson.Serialization.BsonSerializer.Deserialize<BsonDocument>(reader);
        var parts = resource[Root.Length..].Split('/');
        var command = document["command"].AsBsonDocument;
        if (!command.Contains("$db"))
        {
            command.Add("$db", document.GetValue("db", "admin"));
        }

        return new Recording(
            parts[0],
            Path.GetFileNameWithoutExtension(parts[1]),
            document["member"].AsString,
            command,
            document["reply"].AsBsonDocument,
            document.Contains("elapsedMs") ? TimeSpan.FromMilliseconds(document["elapsedMs"].ToDouble()) : null);
    }
}
