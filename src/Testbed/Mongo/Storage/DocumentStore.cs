using System.Collections.Immutable;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>
/// The data of one member: databases, collections, documents, indexes. It knows nothing of replication: a primary asks it to plan a write,
/// logs the plan's operations and applies them; a secondary applies what it reads from the oplog.
/// Deterministic for the same clock and seed, and not thread-safe.
/// </summary>
public sealed class DocumentStore
{
    private readonly TimeProvider _time;
    private readonly ObjectIdSource _ids;
    private readonly CursorTable _cursors;
    private ImmutableSortedDictionary<string, StoredCollection> _collections;

    /// <param name="time">For <c>$currentDate</c> and for ids that the server makes.</param>
    /// <param name="seed">For object ids and cursor ids; give each member its own.</param>
    public DocumentStore(TimeProvider time, int seed)
        : this(time, new ObjectIdSource(time, seed), seed, ImmutableSortedDictionary.Create<string, StoredCollection>(StringComparer.Ordinal))
    {
    }

    private DocumentStore(
        TimeProvider time, ObjectIdSource ids, int seed, ImmutableSortedDictionary<string, StoredCollection> collections)
    {
        _time = time;
        _ids = ids;
        _collections = collections;
        _cursors = new CursorTable(seed);
    }

    /// <summary>The sum of all documents' BSON sizes, in bytes.</summary>
    public long SizeBytes => _collections.Values.Sum(collection => collection.SizeBytes);

    /// <summary>The namespaces of all collections, in ordinal order.</summary>
    public IEnumerable<string> Namespaces => _collections.Keys;

    /// <summary>Whether <see cref="PlanWrite"/> answers that command.</summary>
    public static bool IsWrite(string commandName) => WritePlanner.Commands.Contains(commandName);

    /// <summary>Whether <c>Read</c> answers that command.</summary>
    public static bool IsRead(string commandName) => ReadCommands.Names.Contains(commandName);

    /// <summary>
    /// Works out an insert, update, delete, findAndModify, create, createIndexes, dropIndexes, drop or dropDatabase against the present
    /// contents and changes nothing.
    /// </summary>
    /// <exception cref="CommandFailedException">The server would answer <c>ok: 0</c>.</exception>
    public WritePlan PlanWrite(BsonDocument command) => new WritePlanner(Snapshot(), _time, _ids).Plan(command);

    /// <summary>Applies one operation. Idempotent, never fails on what a plan made; no-ops (<c>n</c>) are accepted.</summary>
    public void Apply(OplogOperation operation)
    {
        switch (operation.Op)
        {
            case "i" or "u":
                _collections = _collections.SetItem(operation.Namespace, Collection(operation.Namespace).Put(operation.O));
                break;
            case "d" when Find(operation.Namespace) is { } collection:
                _collections = _collections.SetItem(operation.Namespace, collection.Remove(operation.O["_id"]));
                break;
            case "d":
                break;
            case "c":
                ApplyCommand(operation);
                break;
            case "n":
                break;
            default:
                throw new ArgumentException($"Oplog operation '{operation.Op}' is none of i, u, d, c, n.", nameof(operation));
        }
    }

    /// <summary>
    /// Answers find, getMore, killCursors, aggregate, count, distinct, listDatabases, listCollections, listIndexes, dbStats and collStats,
    /// without <c>ok</c>.
    /// </summary>
    /// <param name="command">The command, with <c>$db</c>.</param>
    /// <param name="contents">
    /// The documents, in natural order, of a collection that is not stored here (<c>local.oplog.rs</c>); null: what is stored.
    /// </param>
    /// <exception cref="CommandFailedException">The server would answer <c>ok: 0</c>.</exception>
    public BsonDocument Read(BsonDocument command, IEnumerable<BsonDocument>? contents = null) =>
        new ReadCommands(this, _cursors).Run(command, contents);

    /// <summary>Answers the same commands from other contents (the majority-committed ones), with the cursors of this store.</summary>
    public BsonDocument Read(BsonDocument command, DocumentStore asOf) => new ReadCommands(asOf, _cursors).Run(command, contents: null);

    /// <summary>The same contents as a store of its own; takes no time whatever the size. Open cursors stay behind.</summary>
    public DocumentStore Snapshot() => new(_time, _ids, _cursors.Seed, _collections);

    /// <summary>The document with that <c>_id</c>, or null. Safe from any thread: it sees the contents of some recent moment.</summary>
    public BsonDocument? FindDocument(string ns, BsonValue id) => Find(ns)?.FindById(id);

    /// <summary>A collection's documents in natural order. Safe from any thread: it sees the contents of some recent moment.</summary>
    public IEnumerable<BsonDocument> DocumentsOf(string ns) => Find(ns)?.Documents ?? [];

    internal StoredCollection? Find(string ns) => _collections.GetValueOrDefault(ns);

    private StoredCollection Collection(string ns) => _collections.GetValueOrDefault(ns) ?? new StoredCollection();

    private void ApplyCommand(OplogOperation operation)
    {
        var database = Namespace.Parse(operation.Namespace).Database;
        var (name, value) = (operation.O.GetElement(0).Name, operation.O.GetElement(0).Value);
        var target = $"{database}.{value}";
        switch (name)
        {
            case "create":
                _collections = _collections.SetItem(target, Collection(target));
                break;
            case "createIndexes":
                _collections = _collections.SetItem(target, Collection(target).WithIndex(IndexDefinition.Parse(operation.O)));
                break;
            case "dropIndexes":
                _collections = _collections.SetItem(target, Collection(target).WithoutIndex(operation.O["index"].AsString));
                break;
            case "drop":
                _collections = _collections.Remove(target);
                break;
            case "dropDatabase":
                _collections = _collections.RemoveRange(
                    _collections.Keys.Where(ns => ns.StartsWith(database + ".", StringComparison.Ordinal)));
                break;
            default:
                throw new ArgumentException($"Oplog command '{name}' is unknown.", nameof(operation));
        }
    }
}
