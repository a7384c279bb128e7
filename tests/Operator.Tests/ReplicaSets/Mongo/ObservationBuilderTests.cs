using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

public class ObservationBuilderTests
{
    private const string PrimaryHost = "127.0.0.1:28017";
    private const string SecondaryHost = "127.0.0.1:28018";
    private const string HiddenHost = "127.0.0.1:28019";
    private const string ArbiterHost = "127.0.0.1:28020";
    private const string OwnId = "6b043562011e4f57301d0632";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1795437941600);

    [Test]
    public void A_recorded_set_of_four_is_read_whole()
    {
        var observed = Build(Primary(), Secondary(), Arbiter());

        Assert.That((observed.Primary, observed.ReplicaSetId, observed.SetName, observed.Term), Is.EqualTo((PrimaryHost, OwnId, "rs0", 1L)));
        Assert.That(observed.Config!.Members.Select(m => (m.Host, m.Votes, m.Priority, m.Hidden, m.ArbiterOnly)), Is.EqualTo(
        [
            (PrimaryHost, 1, 1.0, false, false), (SecondaryHost, 1, 1.0, false, false), (HiddenHost, 0, 0.0, true, false), (ArbiterHost, 1, 0.0, false, true),
        ]));
        Assert.That(observed.Config.Find(SecondaryHost)!.Tags, Is.EqualTo(new Dictionary<string, string> { ["region"] = "b" }));
        Assert.That((observed.Config.Version, observed.Config.Term, observed.Config.IsCommitted), Is.EqualTo((5, 1, true)));
        Assert.That(observed.Config.Settings.ElectionTimeoutMillis, Is.EqualTo(10000));
    }

    [Test]
    public void States_health_and_lag_come_from_the_primary_and_the_members_themselves()
    {
        var observed = Build(Primary(), Secondary(), Arbiter());

        Assert.That(observed.Member(SecondaryHost), Has.Property(nameof(ObservedMember.State)).EqualTo(MemberState.Secondary)
            .And.Property(nameof(ObservedMember.Healthy)).True
            .And.Property(nameof(ObservedMember.Lag)).EqualTo(TimeSpan.Zero));
        Assert.That(observed.Member(ArbiterHost).Lag, Is.Null, "an arbiter has no data to lag with");
        Assert.That((observed.Member(HiddenHost).Reachable, observed.Member(HiddenHost).Healthy), Is.EqualTo((false, true)));
        Assert.That(observed.Member(SecondaryHost).SyncSource, Is.EqualTo(PrimaryHost));
        Assert.That(observed.PrimaryViews.Select(v => (v.Host, v.Primary)), Is.EqualTo([(PrimaryHost, PrimaryHost), (SecondaryHost, PrimaryHost), (ArbiterHost, PrimaryHost)]));
    }

    [Test]
    public void A_member_that_the_primary_has_not_heard_of_for_longer_than_a_heartbeat_may_take_is_not_healthy()
    {
        var primary = Primary();
        var status = primary.Status.Document!.DeepClone().AsBsonDocument;
        status["members"].AsBsonArray.Single(m => m["name"] == SecondaryHost)["lastHeartbeat"] = status["date"].ToUniversalTime().AddSeconds(-14);

        var observed = Build(primary with { Status = new CommandReply(status, null) }, Secondary(), Arbiter());

        Assert.That((observed.Member(SecondaryHost).Healthy, observed.Member(ArbiterHost).Healthy), Is.EqualTo((false, true)));
        Assert.That(observed.Member(SecondaryHost).SeenHealthyBy, Does.Not.Contain(PrimaryHost));
    }

    [Test]
    public void A_member_that_the_primary_has_not_heard_of_yet_is_neither_healthy_nor_dead()
    {
        var primary = Primary();
        var status = primary.Status.Document!.DeepClone().AsBsonDocument;
        var seen = status["members"].AsBsonArray.Single(m => m["name"] == SecondaryHost).AsBsonDocument;
        (seen["health"], seen["state"], seen["lastHeartbeat"], seen["pingMs"]) = (-1.0, 6, new BsonDateTime(0), 0L);

        var observed = Build(primary with { Status = new CommandReply(status, null) }, Secondary(), Arbiter());

        var member = observed.Member(SecondaryHost);
        Assert.That((member.Healthy, member.State, member.HeartbeatPing), Is.EqualTo(((bool?)null, MemberState.Secondary, (TimeSpan?)null)));
        Assert.That(member.SeenHealthyBy, Does.Not.Contain(PrimaryHost));
    }

    [Test]
    public void A_member_that_was_never_initialised_is_told_from_one_that_was_removed()
    {
        var removed = new MemberReplies
        {
            Host = HiddenHost,
            Hello = Recording.Reply("072-removed-hello"),
            Status = Recording.Reply("076-removed-replsetgetstatus"),
            Config = Recording.Reply("078-removed-replsetgetconfig"),
        };
        var fresh = new MemberReplies { Host = "127.0.0.1:28021", Hello = Recording.Reply("002-uninitialised-hello"), Status = Recording.Reply("006-uninitialised-replsetgetstatus") };

        var observed = ObservationBuilder.Build([Primary(), Secondary(), removed, fresh], [HiddenHost, fresh.Host], null, Now);

        Assert.That(observed.Member(HiddenHost).OwnStatus, Is.EqualTo(OwnStatus.Removed));
        Assert.That(observed.Member(HiddenHost).OwnReplicaSetId, Is.EqualTo(OwnId));
        Assert.That(observed.Member(fresh.Host).OwnStatus, Is.EqualTo(OwnStatus.NotYetInitialized));
        Assert.That(observed.Member(fresh.Host).Reachable, Is.True);
    }

    [Test]
    public void The_primary_of_a_foreign_set_among_the_wanted_hosts_is_not_ours()
    {
        var foreign = new MemberReplies
        {
            Host = "127.0.0.1:28024",
            Hello = Recording.Reply("052-other-set-primary-hello"),
            Status = Recording.Reply("056-other-set-primary-replsetgetstatus"),
            Config = Recording.Reply("058-other-set-primary-replsetgetconfig"),
        };

        var observed = ObservationBuilder.Build([foreign, Primary(), Secondary()], [foreign.Host, PrimaryHost, SecondaryHost], null, Now);

        Assert.That(observed.Primary, Is.EqualTo(PrimaryHost));
        Assert.That(observed.Member(foreign.Host).OwnReplicaSetId, Is.Not.Null.And.Not.EqualTo(OwnId));
        Assert.That(observed.PrimaryViews.Select(v => v.Host), Does.Not.Contain(foreign.Host));
    }

    [Test]
    public void A_primary_that_only_the_members_reach_is_known_from_them_and_nothing_else_is()
    {
        var observed = Build(Secondary(), Arbiter());

        Assert.That(observed.Primary, Is.EqualTo(PrimaryHost));
        Assert.That(observed.Config!.Version, Is.EqualTo(5));
        Assert.That((observed.Member(PrimaryHost).Reachable, observed.Member(PrimaryHost).OwnStatus), Is.EqualTo((false, OwnStatus.NotAnswered)));
        Assert.That(observed.Member(SecondaryHost).Healthy, Is.Null, "only the primary tells");
        Assert.That(observed.Member(SecondaryHost).State, Is.EqualTo(MemberState.Secondary));
    }

    [Test]
    public void A_primary_that_only_the_statuses_of_the_members_name_is_known_too()
    {
        var hello = Secondary().Hello.Document!.DeepClone().AsBsonDocument;
        hello.Remove("primary");

        Assert.That(Build(Secondary() with { Hello = new CommandReply(hello, null) }).Primary, Is.EqualTo(PrimaryHost));
    }

    [Test]
    public void A_member_that_says_of_itself_that_it_is_no_primary_is_none_whatever_the_others_believe()
    {
        var steppedDown = Primary();
        var hello = steppedDown.Hello.Document!.DeepClone().AsBsonDocument;
        hello["isWritablePrimary"] = false;
        hello["ismaster"] = false;
        hello.Remove("primary");
        var status = steppedDown.Status.Document!.DeepClone().AsBsonDocument;
        status["myState"] = 2;

        var observed = Build(steppedDown with { Hello = new CommandReply(hello, null), Status = new CommandReply(status, null) }, Secondary(), Arbiter());

        Assert.That(observed.Primary, Is.Null);
        Assert.That(observed.Config!.Version, Is.EqualTo(5), "the newest configuration of a member counts");
    }

    [Test]
    public void A_frozen_member_has_no_known_lag_and_its_message_is_steady()
    {
        var observed = Build(LagPrimary("014-secondary-frozen-by-sigstop-full-status-at-12207-ms"));
        var frozen = observed.Member("127.0.0.1:28036");

        Assert.That((frozen.Healthy, frozen.State, frozen.Lag), Is.EqualTo((false, MemberState.Down, (TimeSpan?)null)), "1970 is not a lag of 56 years");
        Assert.That(frozen.Message, Does.StartWith("Request … timed out, deadline was …").And.Not.Contain("replSetHeartbeat"));
    }

    [Test]
    public void A_held_back_member_looks_healthy_and_only_its_lag_tells()
    {
        var observed = Build(LagPrimary("003-secondary-not-applying-rssyncapplystop-full-status-at-11099-ms"));

        Assert.That(observed.Member("127.0.0.1:28036"), Has.Property(nameof(ObservedMember.Healthy)).True.And.Property(nameof(ObservedMember.Lag)).EqualTo(TimeSpan.FromSeconds(16)));
        Assert.That(observed.Member("127.0.0.1:28035").Lag, Is.EqualTo(TimeSpan.Zero), "two seconds in the primary's view are a heartbeat's blur");
    }

    [Test]
    public void Only_the_member_itself_tells_that_it_is_too_stale()
    {
        var stale = new MemberReplies { Host = "127.0.0.1:28036", Hello = Recording.Reply("031-secondary-hello"), Status = Recording.Reply("051-too-stale-really-own-status") };

        var observed = Build(LagPrimary("053-too-stale-really-as-the-primary-sees-it"), stale);

        Assert.That((observed.Member(stale.Host).State, observed.Member(stale.Host).TooStale), Is.EqualTo((MemberState.Recovering, true)));
    }

    [Test]
    public void The_progress_of_an_initial_sync_is_read()
    {
        // Recorded on a member of another set.
        var status = Recording.Reply("044-initial-sync-of-160-mb-initialsync-status-at-2074-ms").Document!.DeepClone().AsBsonDocument;
        status["members"].AsBsonArray.Single(m => m.AsBsonDocument.Contains("self"))["name"] = SecondaryHost;
        var syncing = new MemberReplies { Host = SecondaryHost, Hello = Recording.Reply("031-secondary-hello"), Status = new CommandReply(status, null) };

        var progress = Build(Primary(), syncing).Member(SecondaryHost).InitialSync!;

        Assert.That(progress.Ratio, Is.InRange(0.01, 0.99));
        Assert.That(progress.CopiedBytes, Is.GreaterThan(0));
        Assert.That(progress.Started, Is.Not.Null);
    }

    [Test]
    public void The_oplog_window_is_the_time_between_its_ends()
    {
        var observed = Build(Primary() with { OplogFirst = Recording.Reply("047-oplog-first-entry-after-wrap-around"), OplogLast = Recording.Reply("048-oplog-last-entry-after-wrap-around") });

        Assert.That(observed.Member(PrimaryHost).OplogWindow, Is.EqualTo(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public void A_vote_that_the_server_holds_back_shows_only_in_its_stored_configuration()
    {
        var observed = Build(Primary() with
        {
            Config = Recording.Reply("002-empty-member-added-with-votes-1-priority-1-replsetgetconfig-right-afte"),
            SystemReplset = Recording.Reply("003-empty-member-added-with-votes-1-priority-1-local-system-replset-right-"),
        });

        Assert.That(observed.Config!.Find(HiddenHost)!.NewlyAdded, Is.True);
        Assert.That(observed.Config.Voters.Select(v => v.Host), Is.EqualTo([PrimaryHost, SecondaryHost]));
    }

    [Test]
    public void A_member_that_the_spec_writes_in_another_way_is_one_member_under_the_configurations_name()
    {
        var config = Primary().Config.Document!.ToJson().Replace(SecondaryHost, "mongo-b.example:28018", StringComparison.Ordinal);
        var status = Primary().Status.Document!.ToJson().Replace(SecondaryHost, "mongo-b.example:28018", StringComparison.Ordinal);
        var primary = Primary() with { Config = new CommandReply(BsonDocument.Parse(config), null), Status = new CommandReply(BsonDocument.Parse(status), null) };
        var asked = Secondary() with { Host = "Mongo-B.example.:28018" };

        var observed = ObservationBuilder.Build([asked, asked with { Host = "mongo-b.example:28018" }, primary], [PrimaryHost, asked.Host], null, Now);

        Assert.That(observed.Members.Keys, Has.One.EqualTo("mongo-b.example:28018").And.None.EqualTo(asked.Host));
        Assert.That(observed.Member("mongo-b.example:28018"), Has.Property(nameof(ObservedMember.Reachable)).True.And.Property(nameof(ObservedMember.OwnStatus)).EqualTo(OwnStatus.Member));
        Assert.That(observed.PrimaryViews.Select(v => v.Host), Is.Unique);
    }

    [Test]
    public void A_member_tells_its_own_name_and_its_process_by_whatever_name_it_is_asked()
    {
        var observed = ObservationBuilder.Build([Primary(), Secondary() with { Host = "alias.example:28018" }], [PrimaryHost, "alias.example:28018"], null, Now);

        Assert.That(observed.Member("alias.example:28018").OwnName, Is.EqualTo(SecondaryHost));
        Assert.That(observed.Member("alias.example:28018").ProcessId, Is.EqualTo(Secondary().Hello.Document!["topologyVersion"]["processId"].ToString()));
    }

    private static ObservedReplicaSet Build(params MemberReplies[] replies) => ObservationBuilder.Build(replies, [.. replies.Select(r => r.Host)], null, Now);

    private static MemberReplies Primary() => new()
    {
        Host = PrimaryHost,
        HelloAt = Now,
        Hello = Recording.Reply("024-primary4-hello"),
        Status = Recording.Reply("028-primary4-replsetgetstatus"),
        Config = Recording.Reply("071-primary-replsetgetconfig-commitmentstatus"),
    };

    private static MemberReplies Secondary() => new()
    {
        Host = SecondaryHost,
        HelloAt = Now,
        Hello = Recording.Reply("031-secondary-hello"),
        Status = Recording.Reply("035-secondary-replsetgetstatus"),
        Config = Recording.Reply("037-secondary-replsetgetconfig"),
    };

    private static MemberReplies Arbiter() => new()
    {
        Host = ArbiterHost,
        Hello = Recording.Reply("045-arbiter-hello"),
        Status = Recording.Reply("049-arbiter-replsetgetstatus"),
        Config = Recording.Reply("051-arbiter-replsetgetconfig"),
    };

    /// <summary>The primary of the recordings about lag: its status, under the identity of the set of four.</summary>
    private static MemberReplies LagPrimary(string status)
    {
        var config = Recording.Reply("071-primary-replsetgetconfig-commitmentstatus").Document!;
        foreach (var (member, host) in config["config"]["members"].AsBsonArray.Zip((string[])["127.0.0.1:28034", "127.0.0.1:28035", "127.0.0.1:28036", "127.0.0.1:28037"]))
        {
            member["host"] = host;
        }

        return new MemberReplies { Host = "127.0.0.1:28034", Hello = Recording.Reply("024-primary4-hello"), Status = Recording.Reply(status), Config = new CommandReply(config, null) };
    }
}
