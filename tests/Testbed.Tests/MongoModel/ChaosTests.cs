using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary>Random faults under a majority writer: whatever happens, nothing acknowledged is lost, and a run can be repeated exactly.</summary>
public sealed class ChaosTests
{
    [Test]
    public void Nothing_acknowledged_by_a_majority_is_lost([Range(1, 24)] int seed)
    {
        var chaos = new Chaos(seed);
        chaos.Run(rounds: 40);
        chaos.Heal();

        Assert.That(chaos.Set.Network.Violations, Is.Empty, () => string.Join(
            '\n', chaos.Set.Trace.TakeWhile(line => !line.Contains("VIOLATION", StringComparison.Ordinal)).TakeLast(80)));
        Assert.That(chaos.Missing(), Is.Empty, () => string.Join('\n', chaos.Set.Trace.TakeLast(80)));
        Assert.That(chaos.Set.Insert(chaos.Set.PrimaryNumber()!.Value, -1)["ok"].ToDouble(), Is.EqualTo(1));
    }

    [Test]
    public void The_same_seed_gives_the_same_run()
    {
        var one = new Chaos(7);
        var other = new Chaos(7);
        one.Run(rounds: 25);
        other.Run(rounds: 25);

        Assert.That(one.Set.Trace, Is.EqualTo(other.Set.Trace));
        Assert.That(one.Acknowledged, Is.EqualTo(other.Acknowledged));
        Assert.That(one.Set.Network.Loop.ActionsRun, Is.EqualTo(other.Set.Network.Loop.ActionsRun));
    }

    [Test]
    public void Another_seed_gives_another_run()
    {
        var one = new Chaos(1);
        var other = new Chaos(2);
        one.Run(rounds: 5);
        other.Run(rounds: 5);

        Assert.That(one.Set.Trace, Is.Not.EqualTo(other.Set.Trace));
    }

    /// <summary>Five members in two regions, a writer that never stops, and somebody who breaks things.</summary>
    private sealed class Chaos
    {
        private const int Members = 5;

        private readonly Random random;
        private int nextId;

        public Chaos(int seed)
        {
            random = new Random(seed * 7919);
            Set = TestSet.Of(Members, seed, settings: new BsonDocument("electionTimeoutMillis", 3000));
        }

        public TestSet Set { get; }

        public List<int> Acknowledged { get; } = [];

        public void Run(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                Break();
                for (var write = 0; write < 10; write++)
                {
                    Write();
                    Set.Run(random.NextDouble() * 0.2);
                }

                Set.Run(random.NextDouble() * 3);
            }
        }

        public void Heal()
        {
            Set.Network.Faults.Heal();
            for (var number = 1; number <= Members; number++)
            {
                Set[number].Resume();
                Set[number].Restart();
                Set[number].SetSpeed(new DiskOptions());
            }

            // Takeovers for the sake of priority go on for a while.
            Set.Run(30);
            Set.Until(() => Set.PrimaryNumber() is not null && Set.All().All(member => member.State is "PRIMARY" or "SECONDARY"), 120);
            Set.Until(() => Set.PrimaryNumber() is not null && Set.All().Select(member => member.LastApplied).Distinct().Count() == 1, 60);
        }

        /// <summary>Acknowledged writes that some member does not have.</summary>
        public IReadOnlyList<string> Missing()
        {
            var missing = new List<string>();
            for (var number = 1; number <= Members; number++)
            {
                var command = new BsonDocument
                {
                    { "distinct", "x" }, { "key", "_id" }, { "$db", "test" }, { "$readPreference", new BsonDocument("mode", "nearest") },
                };
                var found = Set.Ok(number, command)["values"].AsBsonArray.Select(value => value.AsInt32).ToHashSet();
                missing.AddRange(Acknowledged.Where(id => !found.Contains(id)).Select(id => $"{id} at member {number}"));
            }

            return missing;
        }

        private void Break()
        {
            var number = random.Next(1, Members + 1);
            var member = Set[number];
            switch (random.Next(13))
            {
                case 0:
                    member.Crash();
                    break;
                case 1 or 2:
                    member.Restart();
                    break;
                case 3:
                    member.Pause();
                    break;
                case 4 or 5:
                    member.Resume();
                    break;
                case 6:
                    var side = Enumerable.Range(1, Members).Where(_ => random.Next(2) == 0).Select(TestSet.Host).ToArray();
                    Set.Network.Faults.Partition(side, [.. Enumerable.Range(1, Members).Select(TestSet.Host).Except(side)]);
                    break;
                case 7:
                    Set.Network.Faults.Heal();
                    break;
                case 8:
                    member.SetSpeed(new DiskOptions
                    {
                        ApplyDelay = TimeSpan.FromMilliseconds(random.Next(500)),
                        JournalDelay = TimeSpan.FromMilliseconds(random.Next(200)),
                    });
                    break;
                case 9:
                    Command(new BsonDocument { { "replSetStepDown", 5 }, { "secondaryCatchUpPeriodSecs", 1 } });
                    break;
                case 10 or 11:
                    ChangeConfig(number);
                    break;
                default:
                    Set.Network.Faults.Cut(TestSet.Host(number), TestSet.Host(random.Next(1, Members + 1)));
                    break;
            }
        }

        private void Command(BsonDocument command)
        {
            if (Set.PrimaryNumber() is { } primary)
            {
                _ = Ignore(Set.Start(primary, command));
            }
        }

        /// <summary>Gives a member another priority, or takes its vote or gives it back.</summary>
        private void ChangeConfig(int number)
        {
            if (Set.PrimaryNumber() is not { } primary || Set[primary].IsPaused)
            {
                return;
            }

            var config = Set.Config(primary);
            var member = config["members"].AsBsonArray.Single(entry => entry["_id"] == number).AsBsonDocument;
            var hasVote = random.Next(3) > 0;
            member["votes"] = hasVote ? 1 : 0;
            member["priority"] = hasVote ? random.Next(1, 4) : 0;
            config["version"] = config["version"].AsInt32 + 1;
            Command(new BsonDocument { { "replSetReconfig", config }, { "maxTimeMS", 5000 } });
        }

        private static async Task Ignore(Task<BsonDocument> reply)
        {
            try
            {
                await reply;
            }
            catch (MemberUnreachableException)
            {
                // Whether it was carried out shows in what follows.
            }
        }

        private void Write()
        {
            if (Set.PrimaryNumber() is not { } primary)
            {
                return;
            }

            var id = nextId++;
            var command = new BsonDocument
            {
                { "insert", "x" },
                { "documents", new BsonArray { new BsonDocument("_id", id) } },
                { "writeConcern", new BsonDocument { { "w", "majority" } } },
                { "$db", "test" },
            };
            _ = Keep(Set.Start(primary, command), id);
        }

        private async Task Keep(Task<BsonDocument> reply, int id)
        {
            try
            {
                var document = await reply;
                if (document["ok"] == 1 && !document.Contains("writeConcernError") && !document.Contains("writeErrors"))
                {
                    Acknowledged.Add(id);
                }
            }
            catch (MemberUnreachableException)
            {
                // Not acknowledged: it may be there or not.
            }
        }
    }
}
