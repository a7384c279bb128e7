using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>A projection: fields kept, or fields left out. Computed fields, <c>$slice</c> and <c>$elemMatch</c> are refused.</summary>
internal sealed class Projection
{
    private readonly Node _root = new();
    private readonly bool _inclusion;
    private readonly bool _id = true;

    private Projection(BsonDocument specification)
    {
        var kept = new List<bool>();
        foreach (var field in specification)
        {
            if (!FieldTypes.IsNumber(field.Value) && !field.Value.IsBoolean)
            {
                throw ServerError.NotSupported($"Projection of '{field.Name}' by an expression is not supported by this member").ToException();
            }

            if (field.Name == "_id")
            {
                _id = field.Value.ToBoolean();
                continue;
            }

            kept.Add(field.Value.ToBoolean());
            if (kept[0] != kept[^1])
            {
                var (code, kind) = kept[^1] ? (31253, "inclusion") : (31254, "exclusion");
                throw new CommandFailedException(
                    code, $"Location{code}", $"Cannot do {kind} on field {field.Name} in {(kept[^1] ? "exclusion" : "inclusion")} projection");
            }

            _root.Add(field.Name.Split('.'));
        }

        _inclusion = kept.Count > 0 ? kept[0] : _id && specification.ElementCount > 0;
    }

    public static Projection Parse(BsonDocument specification) => new(specification);

    public BsonDocument Apply(BsonDocument document)
    {
        var result = new BsonDocument();
        foreach (var field in document)
        {
            if (field.Name == "_id")
            {
                if (_id)
                {
                    result.Add(field);
                }
            }
            else if (Project(field.Value, _root.Child(field.Name)) is { } value)
            {
                result.Add(field.Name, value);
            }
        }

        return result;
    }

    private BsonValue? Project(BsonValue value, Node? node)
    {
        if (node is null)
        {
            return _inclusion ? null : value;
        }

        if (node.IsLeaf)
        {
            return _inclusion ? value : null;
        }

        return value switch
        {
            BsonDocument document => new BsonDocument(document
                .Select(field => (field.Name, Value: Project(field.Value, node.Child(field.Name))))
                .Where(field => field.Value is not null)
                .Select(field => new BsonElement(field.Name, field.Value))),
            BsonArray array => new BsonArray(array.Select(item => Project(item, node)).Where(item => item is not null)),
            _ => _inclusion ? null : value,
        };
    }

    private sealed class Node
    {
        private readonly Dictionary<string, Node> _children = [];

        public bool IsLeaf => _children.Count == 0;

        public Node? Child(string name) => _children.GetValueOrDefault(name);

        public void Add(ReadOnlySpan<string> path)
        {
            if (path.IsEmpty)
            {
                return;
            }

            if (!_children.TryGetValue(path[0], out var child))
            {
                _children[path[0]] = child = new Node();
            }

            child.Add(path[1..]);
        }
    }
}
