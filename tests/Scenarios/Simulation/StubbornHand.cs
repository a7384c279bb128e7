using Modestano.Scenarios.ReplicaSets;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Scenarios.Simulation;

/// <summary>Somebody with a shell on the primary: reconfigs by hand, forced ones too, and a cron job that will not give in.</summary>
internal sealed class StubbornHand(ReplicaSetWorld world, Truth truth, Landscape landscape, Random random, Action<string> log)
{
    private static readonly ClientConnectionInfo Shell = new(11, HelloOk: true);

    /// <summary>A forced reconfig may break what a replica set promises, as in reality.</summary>
    public bool HasForced { get; private set; }

    /// <summary>Sends a command and does not wait for what comes of it.</summary>
    public void Send(SimulatedMember member, BsonDocument command)
    {
        _ = SendAsync();

        async Task SendAsync()
        {
            try
            {
                var reply = await member.ExecuteAsync(command.Add("$db", "admin"), Shell, CancellationToken.None);
                log($"by hand on {member.Host}: {command.GetElement(0).Name} {(reply["ok"].ToDouble() == 1 ? "done" : reply["errmsg"])}");
            }
            catch (MemberUnreachableException)
            {
                // A person would see for themselves what became of it.
                log($"by hand on {member.Host}: {command.GetElement(0).Name} without answer");
            }
        }
    }

    /// <summary>One reconfig by hand.</summary>
    public void Drift(bool force)
    {
        if (truth.Primary is not { } primary || Truth.DocumentOf(primary) is not { } config)
        {
            return;
        }

        var members = config["members"].AsBsonArray;
        var victim = members[random.Next(members.Count)].AsBsonDocument;
        if (victim["host"] == primary.Host)
        {
            return;
        }

        string what;
        switch (random.Next(7))
        {
            case 0 when !victim["arbiterOnly"].AsBoolean:
                (victim["votes"], victim["priority"], what) = (0, 0, "takes the vote of");
                break;
            case 1 when victim["votes"] == 1 && victim["hidden"] == false && !victim["arbiterOnly"].AsBoolean && Delay(victim) == 0:
                (victim["priority"], what) = (0.25, "lowers the priority of");
                break;
            case 2:
                (victim["tags"], what) = (new BsonDocument("use", "reporting"), "retags");
                break;
            case 3:
                members.Remove(victim);
                what = "removes";
                break;
            case 4 when landscape.Hosts.FirstOrDefault(h => h != landscape.Foreign && members.All(m => m["host"] != h) && truth.Find(h).Disk.Config is null) is { } joining:
                members.Add(new BsonDocument { { "_id", members.Max(m => m["_id"].ToInt32()) + 1 }, { "host", joining } });
                what = $"adds {joining} beside";
                break;
            case 5:
                (config["settings"]["electionTimeoutMillis"], what) = (9500, "changes settings beside");
                break;
            default:
                (victim["votes"], what) = (1, "gives a vote to");
                break;
        }

        log($"by hand: {(force ? "forced, " : "")}{what} {victim["host"]}");
        Reconfigure(primary, config, force);
    }

    /// <summary>A cron job that puts a priority back for a while.</summary>
    public void Insist()
    {
        var config = truth.Config;
        var candidates = config?.Members.Where(m => m.Priority > 0 && m.Host != truth.Primary?.Host).ToList() ?? [];
        if (candidates.Count == 0)
        {
            return;
        }

        var host = candidates[random.Next(candidates.Count)].Host;
        log($"a cron job wants the priority of {host} to be 0.5");
        Again(random.Next(3, 8));

        void Again(int times)
        {
            if (truth.Primary is { } primary && Truth.DocumentOf(primary) is { } now
                && now["members"].AsBsonArray.FirstOrDefault(m => m["host"] == host) is BsonDocument member
                && member["votes"] == 1 && member["hidden"] == false && Delay(member) == 0 && host != primary.Host && member["priority"].ToDouble() != 0.5)
            {
                member["priority"] = 0.5;
                Reconfigure(primary, now, force: false);
            }

            if (times > 0)
            {
                world.Network.Loop.Schedule(TimeSpan.FromSeconds(15), () => Again(times - 1));
            }
        }
    }

    private void Reconfigure(SimulatedMember primary, BsonDocument config, bool force)
    {
        truth.Look();
        foreach (var member in config["members"].AsBsonArray.Select(m => m.AsBsonDocument))
        {
            member.Remove("newlyAdded");
        }

        config["version"] = config["version"].ToInt32() + 1;
        var command = new BsonDocument { { "replSetReconfig", config }, { "maxTimeMS", 5000 } };
        if (force)
        {
            HasForced = true;
            config.Remove("term");
            command.Add("force", true);
        }

        Send(primary, command);
    }

    private static long Delay(BsonDocument member) => member.GetValue("secondaryDelaySecs", member.GetValue("slaveDelay", 0)).ToInt64();
}
