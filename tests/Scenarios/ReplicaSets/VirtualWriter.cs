using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>Inserts with majority write concern without pause, one after the other, as a retrying driver would; keeps what was acknowledged.</summary>
internal sealed class VirtualWriter
{
    private readonly SimulatedReplicaSetNetwork _network;
    private readonly Func<string?> _primary;
    private readonly TimeSpan _pause;
    private readonly List<int> _acknowledged = [];
    private readonly Task _writing;
    private TimeSpan _longestGap;
    private TimeSpan _lastAcknowledgement;
    private int _next;

    /// <param name="network">The members.</param>
    /// <param name="pause">Time between two writes; null: 20 ms.</param>
    /// <param name="primary">Where to write; null: to whoever takes writes in the newest term.</param>
    public VirtualWriter(SimulatedReplicaSetNetwork network, TimeSpan? pause = null, Func<string?>? primary = null)
    {
        _network = network;
        _pause = pause ?? TimeSpan.FromMilliseconds(20);
        _primary = primary ?? (() => network.Describe().Where(m => m.IsWritablePrimary).MaxBy(m => m.Term)?.Host);
        _lastAcknowledgement = network.Loop.Elapsed;
        _writing = WriteAsync();
    }

    public IReadOnlyList<int> Acknowledged => Checked(_acknowledged);

    /// <summary>When the latest write was acknowledged.</summary>
    public TimeSpan LastAcknowledgement => Checked(_lastAcknowledgement);

    public TimeSpan LongestGap => Checked(_longestGap);

    public bool Stopped { get; set; }

    /// <summary>Acknowledged documents that the primary does not have.</summary>
    public IReadOnlyList<int> Lost(string primary)
    {
        var found = new HashSet<int>();
        var reply = _network.Execute(primary, BsonDocument.Parse("{ find: 'ledger', batchSize: 1000000, $db: 'shop' }"));
        found.UnionWith(reply["cursor"]["firstBatch"].AsBsonArray.Select(d => d["_id"].AsInt32));
        return [.. Acknowledged.Where(id => !found.Contains(id))];
    }

    // A writer that has failed has no figures: its error is the test's.
    private T Checked<T>(T figure)
    {
        if (_writing.IsFaulted)
        {
            _writing.GetAwaiter().GetResult();
        }

        return figure;
    }

    private async Task WriteAsync()
    {
        while (!Stopped)
        {
            await Task.Delay(_pause, _network.Loop.TimeProvider);
            if (_primary() is not { } primary)
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
        _acknowledged.Add(_next++);
        var gap = _network.Loop.Elapsed - _lastAcknowledgement;
        _longestGap = gap > _longestGap ? gap : _longestGap;
        _lastAcknowledgement = _network.Loop.Elapsed;
    }
}
