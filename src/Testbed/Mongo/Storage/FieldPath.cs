using System.Globalization;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>A dotted path into documents, <c>items.0.price</c>.</summary>
internal sealed class FieldPath
{
    private FieldPath(string text)
    {
        Text = text;
        Parts = text.Split('.');
    }

    public string Text { get; }

    public IReadOnlyList<string> Parts { get; }

    public static FieldPath Parse(string text) => new(text);

    /// <summary>
    /// What a query sees at this path: every value reached, going through arrays on the way; null for a branch where it is missing.
    /// An array at the end is one value (its elements are the caller's matter).
    /// </summary>
    public IEnumerable<BsonValue?> Leaves(BsonDocument document) => Leaves(document, 0);

    private IEnumerable<BsonValue?> Leaves(BsonValue value, int depth)
    {
        if (depth == Parts.Count)
        {
            return [value];
        }

        var part = Parts[depth];
        switch (value)
        {
            case BsonDocument document:
                return document.TryGetValue(part, out var child) ? Leaves(child, depth + 1) : [null];
            case BsonArray array:
                var leaves = array.OfType<BsonDocument>().SelectMany(item => Leaves(item, depth));
                return int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < array.Count
                    ? Leaves(array[index], depth + 1).Concat(leaves)
                    : leaves;
            default:
                return [null];
        }
    }

    /// <summary>The one value that an aggregation or a sort uses, or null when it is missing.</summary>
    public BsonValue? FirstLeaf(BsonDocument document) => Leaves(document).FirstOrDefault(leaf => leaf is not null);
}
