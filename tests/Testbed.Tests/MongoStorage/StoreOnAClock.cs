using Microsoft.Extensions.Time.Testing;
using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoStorage;

/// <summary>A store with a standing clock, written to as a primary writes: plan, then apply.</summary>
internal sealed class StoreOnAClock
{
    public DocumentStore Store { get; } = new(new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), seed: 1);

    public List<OplogOperation> Log { get; } = [];

    /// <summary>Runs a command (JSON, on database shop) and gives its reply.</summary>
    public BsonDocument Run(string json)
    {
        var command = Command(json);
        if (!DocumentStore.IsWrite(command.GetElement(0).Name))
        {
            return Store.Read(command);
        }

        var plan = Store.PlanWrite(command);
        foreach (var operation in plan.Operations)
        {
            Log.Add(operation);
            Store.Apply(operation);
        }

        return plan.Reply;
    }

    public static BsonDocument Command(string json)
    {
        var command = BsonDocument.Parse(json);
        return command.Contains("$db") ? command : command.Add("$db", "shop");
    }

    public IEnumerable<string> All(string collection) => Store.DocumentsOf($"shop.{collection}").Select(document => document.ToString()!);
}
