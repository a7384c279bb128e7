using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>Inserts with majority write concern without pause, one after the other, as a retrying driver would; keeps what was acknowledged.</summary>
internal sealed class VirtualWriter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly SimulatedReplicaSetNetwork _network;
    private TimeSpan _lastAcknowledgement;
    private int _next;

    public VirtualWriter(SimulatedReplicaSetNetwork network)
    {
        _network = network;
        _lastAcknowledgement = network.Loop.Elapsed;
        _ = WriteAsync();
    }

    public List<int> Acknowledged { get; } = [];

    public TimeSpan LongestGap { get; private set; }

    public bool Stopped { get; set; }

    /// <summary>Acknowledged documents that the primary does not have.</summary>
    public IReadOnlyList<int> Lost(string primary)
    {
        var found = new HashSet<int>();
        var reply = _network.Execute(primary, BsonDocument.Parse("{ find: 'ledger', batchSize: 1000000, $db: 'shop' }"));
        found.UnionWith(reply["cursor"]["firstBatch"].AsBsonArray.Select(d => d["_id"].AsInt32));
        return [.. Acknowledged.Where(id => !found.Contains(id))];
    }

    private async Task WriteAsync()
    {
        while (!Stopped)
        {
            await Task.Delay(Pause, _network.Loop.TimeProvider);
            if (_network.Describe().Where(m => m.IsWritablePrimary).MaxBy(m => m.Term)?.Host is not { } primary)
            {
                continue;
            }

            // The same id is sent again after an error: a duplicate key then says that it had arrived.
            var insert = new BsonDocument
            {
                { "insert", "ledger" },
                { "documents", new BsonArray { new BsonDocument("_id", _next) } },
                { "writeConcern", new BsonDocument("w", "majority") },
                { "$db", "shop" },
            };
            using var limited = new CancellationTokenSource(TimeSpan.FromSeconds(3), _network.Loop.TimeProvider);
            try
            {
                var reply = await _network.Find(primary)!.ExecuteAsync(insert, new ClientConnectionInfo(7, HelloOk: true), limited.Token);
                var isDuplicate = reply.TryGetValue("writeErrors", out var errors) && errors[0]["code"] == 11000;
                if (reply["ok"].ToDouble() == 1 && !reply.Contains("writeConcernError") && (isDuplicate || !reply.Contains("writeErrors")))
                {
                    Acknowledge();
                }
            }
            catch (Exception e) when (e is OperationCanceledException or MemberUnreachableException)
            {
                // Tried again with the next primary.
                continue;
            }
        }
    }

    private void Acknowledge()
    {
        Acknowledged.Add(_next++);
        var gap = _network.Loop.Elapsed - _lastAcknowledgement;
        LongestGap = gap > LongestGap ? gap : LongestGap;
        _lastAcknowledgement = _network.Loop.Elapsed;
    }
}
