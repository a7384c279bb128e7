using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>A database and a collection in it, written <c>shop.orders</c>.</summary>
public readonly record struct Namespace(string Database, string Collection)
{
    /// <summary>The namespace that a command addresses: the value of its first field, in <c>$db</c>.</summary>
    /// <exception cref="CommandFailedException">73 InvalidNamespace, when there is none or it is malformed.</exception>
    public static Namespace OfCommand(BsonDocument command)
    {
        var first = command.GetElement(0);
        var database = command.GetValue("$db", "test").AsString;
        if (!first.Value.IsString)
        {
            throw new CommandFailedException(
                73, "InvalidNamespace", $"collection name has invalid type {FieldTypes.NameOf(first.Value)}");
        }

        var collection = first.Value.AsString;
        return collection.Length == 0 || collection.StartsWith('.') || collection.Contains('\0', StringComparison.Ordinal)
            ? throw new CommandFailedException(73, "InvalidNamespace", $"Invalid namespace specified '{database}.{collection}'")
            : new Namespace(database, collection);
    }

    public static Namespace Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return new Namespace(text[..dot], text[(dot + 1)..]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Database}.{Collection}";
}
