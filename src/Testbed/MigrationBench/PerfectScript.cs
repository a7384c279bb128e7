using Modestano.Testbed.Route53.Zones;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed.MigrationBench;

/// <summary>
/// The migration of the samples by somebody who knows at each moment what is to be done next, and waits for nothing but the servers: one vote a
/// reconfig, the hand-off prepared in the reconfig that gives the last vote, traffic by the migration's own steps. It checks nothing that the
/// operator has to check, so it is the floor.
/// </summary>
internal sealed class PerfectScript(World world, MemberAdmin admin, TimeProvider time)
{
    private const int Whole = 255;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(5);
    private readonly IReadOnlyList<string> _old = world.Members(SampleNames.OldRegion);
    private readonly IReadOnlyList<string> _new = world.Members(SampleNames.NewRegion);

    /// <summary>Carries it out.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var record = ServeAsync("CREATE", 0, cancellationToken);
        await ReconfigureAsync(AddNewcomers, cancellationToken);
        await UntilSyncedAsync(cancellationToken);
        await ReconfigureAsync(members => GiveVote(members, _new[0]), cancellationToken);
        await ReconfigureAsync(members => GiveVote(members, _new[1]), cancellationToken);
        await record;
        await ServeAsync("UPSERT", 25, cancellationToken);
        await ServeAsync("UPSERT", 127, cancellationToken);
        var leaving = await admin.PrimaryAsync(cancellationToken);
        await ReconfigureAsync(members => PrepareHandOff(members, leaving), cancellationToken);
        await StepDownAsync(leaving, cancellationToken);
        await ReconfigureAsync(members => TakeMajority(members, leaving), cancellationToken);
        await ServeAsync("UPSERT", Whole, cancellationToken);
    }

    private void AddNewcomers(BsonArray members)
    {
        var next = members.Max(m => m["_id"].ToInt32()) + 1;
        foreach (var host in _new)
        {
            members.Add(new BsonDocument { { "_id", next++ }, { "host", host }, { "votes", 0 }, { "priority", 0 } });
        }
    }

    private static void GiveVote(BsonArray members, string host)
    {
        var member = Of(members, host);
        (member["votes"], member["priority"]) = (1, 1);
    }

    // The newcomers as high as the primary, so that no takeover begins, and nobody else electable: only they can follow it.
    private void PrepareHandOff(BsonArray members, string leaving)
    {
        GiveVote(members, _new[2]);
        foreach (var member in members.Select(m => m.AsBsonDocument))
        {
            var host = member["host"].AsString;
            member["priority"] = _new.Contains(host) || host == leaving ? 2 : 0;
        }
    }

    private void TakeMajority(BsonArray members, string left)
    {
        foreach (var member in members.Select(m => m.AsBsonDocument).Where(m => _old.Contains(m["host"].AsString)))
        {
            member["priority"] = 1;
        }

        var released = Of(members, _old.Last(host => host != left));
        (released["votes"], released["priority"]) = (0, 0);
    }

    private static BsonDocument Of(BsonArray members, string host) => members.Select(m => m.AsBsonDocument).Single(m => m["host"] == host);

    private async Task ReconfigureAsync(Action<BsonArray> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var primary = await admin.PrimaryAsync(cancellationToken);
            try
            {
                var config = await admin.ConfigAsync(primary, cancellationToken);
                change(config["members"].AsBsonArray);
                config["version"] = config["version"].ToInt32() + 1;
                await admin.RunAsync(primary, new BsonDocument { { "replSetReconfig", config }, { "maxTimeMS", 30000 } }, cancellationToken);
                return;
            }
            catch (MongoCommandException e) when (e.Code is 103 or 109 or 308 or 10107)
            {
                // The set still takes in its last configuration or its new primary; refused is not installed.
                admin.Forget();
                await Task.Delay(Glance, time, cancellationToken);
            }
        }
    }

    private async Task UntilSyncedAsync(CancellationToken cancellationToken)
    {
        while (!await admin.AreSecondariesAsync(await admin.PrimaryAsync(cancellationToken), _new, cancellationToken))
        {
            await Task.Delay(Glance, time, cancellationToken);
        }
    }

    private async Task StepDownAsync(string primary, CancellationToken cancellationToken)
    {
        try
        {
            await admin.RunAsync(primary, new BsonDocument { { "replSetStepDown", 30 }, { "secondaryCatchUpPeriodSecs", 2 } }, cancellationToken);
        }
        catch (MongoConnectionException)
        {
            // Older servers close every connection on their way.
        }

        admin.Forget();
        await admin.PrimaryAsync(cancellationToken);
    }

    /// <summary>Both weights in one batch, and until every name server has them.</summary>
    private async Task ServeAsync(string action, int inNewRegion, CancellationToken cancellationToken)
    {
        var change = world.Route53.Zones.Apply(world.ZoneId, null, [Set(SampleNames.OldRegion, Whole - inNewRegion), Set(SampleNames.NewRegion, inNewRegion)]);
        while (!world.Route53.Zones.IsInSync(change.Id))
        {
            await Task.Delay(Glance, time, cancellationToken);
        }

        AppliedChange Set(string region, int weight) => new(action, new RecordSet
        {
            Name = DnsName.Normalize(SampleNames.Record),
            Type = "A",
            SetIdentifier = region,
            Weight = weight,
            Ttl = 0,
            Values = [.. SampleNames.Addresses.Where(a => a.Value == region).Select(a => a.Key)],
        });
    }
}
