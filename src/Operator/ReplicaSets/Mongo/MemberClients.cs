using System.Collections.Concurrent;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo.Wire;
using Modestano.Operator.Runtime;
using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// The open clients of all sets. While a set is worked on there is one for each member; at rest only the one to the primary stays, whose
/// monitor reports a change of primary or state. See docs/decisions/mongo-connections.md for what this costs.
/// </summary>
/// <remarks>Passes of one set never overlap, so a client is never closed while its set uses it.</remarks>
internal sealed class MemberClients(MongoConnectionOptions options, IEntityQueue<MongoReplicaSet> queue, TimeProvider time)
    : IMemberCalls, ILeadershipListener, IDisposable
{
    /// <summary>Clients that are being closed at the same time.</summary>
    private const int ClosingsAtATime = 2;

    private readonly OpeningTurns _openings = new(time);
    private readonly MemberNews _news = new(queue, time);
    private readonly ConcurrentDictionary<string, HashingBudget> _hashingOf = new();

    /// <summary>
    /// The driver makes a client, threads and all, under one lock for the process. Passes that waited for that lock would each hold a thread of
    /// the pool, and everything else in the process would wait for one: so they wait here.
    /// </summary>
    private readonly SemaphoreSlim _making = new(1);

    private readonly SemaphoreSlim _closings = new(ClosingsAtATime);
    private readonly ReplyBudget _budget = ReplyBudget.Default();
    private readonly ConcurrentDictionary<ObjectKey, ReplyBudget.Share> _shares = new();
    private readonly ConcurrentDictionary<ObjectKey, SetClients> _sets = new();

    /// <inheritdoc/>
    /// <remarks>A first command waits for its turn before its deadline begins.</remarks>
    public async Task<(BsonDocument Reply, TimeSpan Elapsed)> RunAsync(
        ReplicaSetTarget target,
        string host,
        string database,
        BsonDocument command,
        TimeSpan deadline,
        CancellationToken cancellationToken)
    {
        if (Find(target, host) is not null)
        {
            return await SendAsync(target, host, database, command, deadline, cancellationToken);
        }

        if (await new GrantedAddresses(options, target.Set, host).RefusalAsync(deadline, cancellationToken) is { } refusal)
        {
            throw new MongoCallException(host, command.GetElement(0).Name, new MongoFailure(MongoFailureKind.NotGranted, 0, "", refusal));
        }

        return await _openings.RunAsync(target.Set.Namespace, () => SendAsync(target, host, database, command, deadline, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public TimeSpan? RoundTrip(ReplicaSetTarget target, string host) => Find(target, host)?.RoundTrip;

    /// <summary>How many clients a set has.</summary>
    internal int Open(ObjectKey set) => _sets.GetValueOrDefault(set)?.Count ?? 0;

    private MemberClient? Find(ReplicaSetTarget target, string host) => _sets.GetValueOrDefault(target.Set)?.Find((host, target.Connection.Fingerprint));

    private async Task<(BsonDocument Reply, TimeSpan Elapsed)> SendAsync(
        ReplicaSetTarget target,
        string host,
        string database,
        BsonDocument command,
        TimeSpan deadline,
        CancellationToken cancellationToken)
    {
        MemberClient client;
        try
        {
            client = await GetAsync(target.Set, host, target.Connection, cancellationToken);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            var failure = new MongoFailure(MongoFailureKind.Unreachable, 0, "", "the driver cannot use this address: host:port with a port from 1 to 65535 is needed");
            throw new MongoCallException(host, command.GetElement(0).Name, failure);
        }

        // A login that was refused a moment ago is not tried again at once: neither side gains by it, and accounts may be locked.
        return client.Refusal is { } refusal
            ? throw new MongoCallException(host, command.GetElement(0).Name, refusal)
            : await client.RunAsync(database, command, deadline, cancellationToken);
    }

    /// <summary>The client to a member, made where there is none yet for this connection; one with old secrets goes when it has been idle.</summary>
    private async Task<MemberClient> GetAsync(ObjectKey set, string host, ReplicaSetConnection connection, CancellationToken cancellationToken)
    {
        var (clients, key) = (_sets.GetOrAdd(set, _ => new SetClients(time, Close)), (host, connection.Fingerprint));
        if (clients.Use(key) is { } open)
        {
            return open;
        }

        await _making.WaitAsync(cancellationToken);
        try
        {
            if (clients.Use(key) is { } made)
            {
                return made;
            }

            var client = new MemberClient(set, host, connection, options, BudgetsOf(set), _ => _news.Tell(set));
            clients.Add(key, client);
            return client;
        }
        finally
        {
            _making.Release();
        }
    }

    // Closing waits for the driver's threads and its lock: not on the pass' time.
    private void Close(MemberClient client) => _ = Task.Run(async () =>
    {
        await _closings.WaitAsync();
        try
        {
            client.Dispose();
        }
        finally
        {
            _closings.Release();
        }
    });

    /// <inheritdoc/>
    public void Begin(ObjectKey set)
    {
        ShareOf(set).Begin();
        _sets.GetValueOrDefault(set)?.Begin();
    }

    private MemberBudgets BudgetsOf(ObjectKey set) => new(ShareOf(set), _hashingOf.GetOrAdd(set.Namespace, _ => new HashingBudget(options.MostScramRounds, time)));

    private ReplyBudget.Share ShareOf(ObjectKey set) => _shares.GetOrAdd(set, _ => _budget.Open(set.Namespace));

    /// <inheritdoc/>
    /// <remarks>At once, not after a while: a thousand sets that start together would otherwise hold all their members' clients at the same time.</remarks>
    public void Rest(ObjectKey set, string? host) => _sets.GetValueOrDefault(set)?.CloseOthers(host);

    /// <inheritdoc/>
    public void Forget(ObjectKey set)
    {
        _news.Forget(set);
        if (_shares.TryRemove(set, out var share))
        {
            share.End();
        }

        if (_sets.TryRemove(set, out var clients))
        {
            clients.CloseOthers(null);
        }
    }

    /// <inheritdoc/>
    public void StoppedLeading() => Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        // The semaphores stay: they hold nothing of the system, and a pass may still be about to release one.
        foreach (var set in _sets.Keys)
        {
            Forget(set);
        }
    }
}
