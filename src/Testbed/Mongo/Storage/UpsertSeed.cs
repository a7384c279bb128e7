using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>What an upsert takes from its query: the fields that the query sets equal to a value.</summary>
internal static class UpsertSeed
{
    public static BsonDocument Of(BsonDocument query)
    {
        var seed = new BsonDocument();
        foreach (var (path, value) in Equalities(query))
        {
            if (UpdateTarget.Get(seed, path) is not null)
            {
                throw new CommandFailedException(
                    54, "NotSingleValueField", $"cannot infer query fields to set, path '{path.Text}' is matched twice");
            }

            UpdateTarget.Set(seed, path, value.DeepClone());
        }

        return seed;
    }

    public static BsonDocument IdOf(BsonDocument query)
    {
        var id = Equalities(query).Where(equality => equality.Path.Text == "_id").Select(equality => equality.Value).FirstOrDefault();
        return id is null ? [] : new BsonDocument("_id", id);
    }

    private static IEnumerable<(FieldPath Path, BsonValue Value)> Equalities(BsonDocument query)
    {
        foreach (var field in query)
        {
            switch (field.Value)
            {
                case BsonArray clauses when field.Name == "$and" || (field.Name == "$or" && clauses.Count == 1):
                    foreach (var equality in clauses.OfType<BsonDocument>().SelectMany(Equalities))
                    {
                        yield return equality;
                    }

                    break;
                case var _ when field.Name.StartsWith('$'):
                    break;
                case BsonRegularExpression:
                    break;
                case BsonDocument operators when Condition.IsOperatorDocument(operators):
                    if (operators.TryGetValue("$eq", out var value))
                    {
                        yield return (FieldPath.Parse(field.Name), value);
                    }

                    break;
                default:
                    yield return (FieldPath.Parse(field.Name), field.Value);
                    break;
            }
        }
    }
}
