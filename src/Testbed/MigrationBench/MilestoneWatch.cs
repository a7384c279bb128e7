using Modestano.Testbed.Route53.Zones;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed.MigrationBench;

/// <summary>Notes when each milestone is reached, by the servers' own answers: the same eyes for the operator and for the script.</summary>
internal sealed class MilestoneWatch(World world, MemberAdmin admin, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private readonly IReadOnlyList<string> _newcomers = world.Members(SampleNames.NewRegion);
    private readonly Dictionary<Milestone, TimeSpan> _reached = [];
    private readonly long _start = time.GetTimestamp();
    private readonly HashSet<(long Term, long Version)> _configs = [];

    /// <summary>When each was reached, since the watch was made.</summary>
    public IReadOnlyDictionary<Milestone, TimeSpan> Reached => _reached;

    /// <summary>Configurations seen to be installed since the first one.</summary>
    public int Reconfigs => Math.Max(0, _configs.Select(c => c.Version).Distinct().Count() - 1);

    /// <summary>Looks until all are reached.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!_reached.ContainsKey(Milestone.Shifted) || !_reached.ContainsKey(Milestone.Settled))
        {
            try
            {
                await LookAsync(cancellationToken);
            }
            catch (Exception e) when (e is MongoException or TimeoutException)
            {
                // An election, or a primary that went meanwhile: the next look asks anew.
                admin.Forget();
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var primary = await admin.PrimaryAsync(cancellationToken);
        var config = await admin.ConfigAsync(primary, cancellationToken);
        _configs.Add((config.GetValue("term", -1).ToInt64(), config["version"].ToInt64()));
        var members = config["members"].AsBsonArray.Select(m => m.AsBsonDocument).ToDictionary(m => m["host"].AsString, StringComparer.Ordinal);
        Note(Milestone.Added, _newcomers.All(members.ContainsKey));
        if (_reached.ContainsKey(Milestone.Added) && !_reached.ContainsKey(Milestone.Synced))
        {
            Note(Milestone.Synced, await admin.AreSecondariesAsync(primary, _newcomers, cancellationToken));
        }

        Note(Milestone.Voting, Votes(members, _newcomers) >= 2);
        Note(Milestone.Moved, _newcomers.Contains(primary));
        Note(Milestone.Settled, _newcomers.Contains(primary) && Votes(members, _newcomers) > Votes(members, world.Members(SampleNames.OldRegion)));
        var (old, @new) = Served();
        Note(Milestone.HalfShifted, @new > 0 && @new * 100 >= (old + @new) * 49);
        Note(Milestone.Shifted, old == 0 && @new > 0);
    }

    private static int Votes(Dictionary<string, BsonDocument> members, IEnumerable<string> hosts) =>
        hosts.Sum(host => members.TryGetValue(host, out var member) ? member.GetValue("votes", 1).ToInt32() : 0);

    // A batch counts when it is in sync: until then a name server may answer with the one before.
    private (int Old, int New) Served()
    {
        var weights = new Dictionary<string, int>();
        foreach (var batch in world.Route53.Zones.Log.Where(b => world.Route53.Zones.IsInSync(b.ChangeId)))
        {
            foreach (var set in batch.Changes.Where(c => c.Action != "DELETE").Select(c => c.Set).Where(s => s.Type == "A" && s.Name == DnsName.Normalize(SampleNames.Record)))
            {
                weights[set.SetIdentifier ?? ""] = set.Weight ?? 0;
            }
        }

        return (weights.GetValueOrDefault(SampleNames.OldRegion), weights.GetValueOrDefault(SampleNames.NewRegion));
    }

    private void Note(Milestone milestone, bool isReached)
    {
        if (isReached)
        {
            _reached.TryAdd(milestone, time.GetElapsedTime(_start));
        }
    }
}
