using System.Collections.Concurrent;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Route53.Model;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Observation;

/// <summary>
/// Reads record sets. A few records of a zone are read one by one; where many are asked for, the whole zone is read once and kept: for
/// seconds where an effect follows, for some minutes where it only is to be seen that all is as it should be, because a thousand readings
/// would cost minutes of the account's request rate. What is kept may be old: no matter, as each batch deletes exactly what was read and
/// is refused otherwise (D4).
/// </summary>
internal sealed class ZoneReader(TimeProvider time) : ILeadershipListener, IDisposable
{
    private const string LargestPage = "300";

    /// <summary>From so many names asked for lately, one reading of the whole zone costs less.</summary>
    private const int ManyNames = 12;

    private static readonly TimeSpan KeptForEffects = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeptAtRest = TimeSpan.FromSeconds(150);

    // Longer than the pause between two looks at a record that is as wanted.
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Account, string Zone), ZoneCopy> _copies = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var copy in _copies.Values)
        {
            copy.Dispose();
        }
    }

    /// <inheritdoc/>
    public void StoppedLeading() => _copies.Clear();

    /// <summary>The sets of a name and type.</summary>
    public async Task<IReadOnlyList<RecordSet>> ReadAsync(Route53Account account, string zoneId, string name, string type, Freshness freshness, CancellationToken cancellationToken)
    {
        var copy = _copies.GetOrAdd((account.Key, zoneId), _ => new ZoneCopy());
        if (copy.NamesAskedFor(name, time.GetUtcNow(), Lately) < ManyNames)
        {
            // A copy kept from before would be older than what is read here.
            copy.Forget();
            return Unlike(await OneByOneAsync(account.Client, zoneId, name, type, cancellationToken));
        }

        var kept = freshness == Freshness.AtRest ? KeptAtRest : KeptForEffects;
        return Unlike(await copy.ReadAsync(name, type, kept, token => AllAsync(account.Client, zoneId, token), time, cancellationToken));
    }

    /// <summary>A batch was applied.</summary>
    public void Applied(Route53Account account, string zoneId, IReadOnlyList<RecordChange> changes)
    {
        if (_copies.TryGetValue((account.Key, zoneId), out var copy))
        {
            copy.Apply(changes);
        }
    }

    /// <summary>A batch was refused, or its outcome is not known: what is kept must not be relied on.</summary>
    public void Forget(Route53Account account, string zoneId)
    {
        if (_copies.TryGetValue((account.Key, zoneId), out var copy))
        {
            copy.Forget();
        }
    }

    /// <summary>Name, type and identifier tell sets apart; a list that has one twice (some emulators keep both) says nothing that could be relied on.</summary>
    private static IReadOnlyList<RecordSet> Unlike(IReadOnlyList<RecordSet> sets) =>
        sets.GroupBy(set => set.SetIdentifier).FirstOrDefault(same => same.Count() > 1)?.First() is { } twice
            ? throw new UnreadableAnswerException($"the list has the record set {RecordNames.ForPeople(twice.Name)} {twice.Type} {twice.SetIdentifier} more than once")
            : sets;

    private static async Task<IReadOnlyList<RecordSet>> OneByOneAsync(IAmazonRoute53 client, string zoneId, string name, string type, CancellationToken cancellationToken)
    {
        var sets = new List<RecordSet>();
        var request = new ListResourceRecordSetsRequest { HostedZoneId = zoneId, StartRecordName = name, StartRecordType = new RRType(type), MaxItems = LargestPage };
        await foreach (var set in client.ListAllAsync(request, cancellationToken))
        {
            var read = set.ToDomain();
            if (read.Name != name || read.Type != type)
            {
                break;
            }

            sets.Add(read);
        }

        return sets;
    }

    private static async Task<List<RecordSet>> AllAsync(IAmazonRoute53 client, string zoneId, CancellationToken cancellationToken)
    {
        var sets = new List<RecordSet>();
        await foreach (var set in client.ListAllAsync(new() { HostedZoneId = zoneId, MaxItems = LargestPage }, cancellationToken))
        {
            sets.Add(set.ToDomain());
        }

        return sets;
    }
}
