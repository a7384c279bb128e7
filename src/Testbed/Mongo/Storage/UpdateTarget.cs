using System.Globalization;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>Reads and writes the place that an update path names (no traversal of arrays: an array needs an index).</summary>
internal static class UpdateTarget
{
    // The server refuses to pad an array further than this in one step.
    private const int MaxPadding = 1_500_000;

    public static BsonValue? Get(BsonDocument document, FieldPath path)
    {
        BsonValue? value = document;
        foreach (var part in path.Parts)
        {
            value = value is null ? null : Child(value, part);
        }

        return value;
    }

    /// <exception cref="CommandFailedException">28 PathNotViable when a scalar is in the way.</exception>
    public static void Set(BsonDocument document, FieldPath path, BsonValue value)
    {
        BsonValue parent = document;
        for (var i = 0; i < path.Parts.Count - 1; i++)
        {
            var child = Child(parent, path.Parts[i]);
            if (child is null)
            {
                child = new BsonDocument();
                SetChild(parent, path, i, child);
            }

            parent = child;
        }

        SetChild(parent, path, path.Parts.Count - 1, value);
    }

    public static void Unset(BsonDocument document, FieldPath path)
    {
        BsonValue? parent = document;
        foreach (var part in path.Parts.SkipLast(1))
        {
            parent = parent is null ? null : Child(parent, part);
        }

        switch (parent)
        {
            case BsonDocument fields:
                fields.Remove(path.Parts[^1]);
                break;
            case BsonArray array when Child(array, path.Parts[^1]) is not null:
                array[Index(path.Parts[^1])!.Value] = BsonNull.Value;
                break;
            default:
                break;
        }
    }

    private static BsonValue? Child(BsonValue parent, string part) => parent switch
    {
        BsonDocument document => document.GetValue(part, null),
        BsonArray array => Index(part) is { } index && index < array.Count ? array[index] : null,
        _ => null,
    };

    private static void SetChild(BsonValue parent, FieldPath path, int depth, BsonValue value)
    {
        var part = path.Parts[depth];
        if (parent is BsonDocument document)
        {
            document[part] = value;
        }
        else if (parent is BsonArray array && Index(part) is { } index && index - array.Count <= MaxPadding)
        {
            while (array.Count <= index)
            {
                array.Add(BsonNull.Value);
            }

            array[index] = value;
        }
        else
        {
            var owner = depth == 0 ? string.Empty : path.Parts[depth - 1];
            throw new CommandFailedException(
                28, "PathNotViable", $"Cannot create field '{part}' in element {{{owner}: {ServerText.Of(parent)}}}");
        }
    }

    private static int? Index(string part) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
}
