using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary>What releases do differently; <c>docs/mongodb-releases.md</c> says how each is known.</summary>
public sealed class ReleaseTests
{
    [Test]
    public void Before_4_4_2_there_is_no_hello()
    {
        var set = TestSet.Of(1, version: ServerVersion.Mongo440);

        var refused = set.Send(1, "{hello: 1}");
        var old = set.Ok(1, "{isMaster: 1, helloOk: true}");

        Assert.That((refused["code"].AsInt32, refused["errmsg"].AsString), Is.EqualTo((59, "no such command: 'hello'")));
        Assert.That(old.Contains("helloOk"), Is.False);
        Assert.That(old["ismaster"].AsBoolean, Is.True);
        Assert.That(TestSet.Of(1, version: ServerVersion.Mongo44).Ok(1, "{hello: 1, helloOk: true}")["helloOk"].AsBoolean, Is.True);
    }

    [Test]
    public void The_delay_is_named_by_the_feature_compatibility_version()
    {
        var set = TestSet.Of(1, version: ServerVersion.Mongo50);
        var fresh = set.Config(1)["members"][0].AsBsonDocument;
        set.Ok(1, "{setFeatureCompatibilityVersion: '4.4'}");

        Assert.That(fresh.Contains("secondaryDelaySecs"), Is.True);
        Assert.That(set.Config(1)["members"][0].AsBsonDocument.Contains("slaveDelay"), Is.True);
        Assert.That(TestSet.Of(1, version: ServerVersion.Mongo44).Config(1)["members"][0].AsBsonDocument.Contains("slaveDelay"), Is.True);
    }

    [Test]
    public void Before_5_0_a_new_voter_counts_before_it_has_copied_anything()
    {
        var set = TestSet.Of(2, version: ServerVersion.Mongo44);
        set.Add(3);
        set[3].SetSpeed(new DiskOptions { InitialSyncHeld = true });

        set.Join(3, []);

        Assert.That(set.Described(3).State, Is.EqualTo("STARTUP2").Or.EqualTo("STARTUP"));
        Assert.That(set.Ok(1, "{replSetGetStatus: 1}")["votingMembersCount"].AsInt32, Is.EqualTo(3));
    }

    [TestCase(4, 4, 18, 30.0, 80.0, TestName = "Before_4_4_19_a_frozen_member_holds_up_a_reconfig_while_the_others_look_for_themselves")]
    [TestCase(4, 4, 29, 5.0, 15.0, TestName = "Before_5_0_7_a_frozen_member_holds_up_a_reconfig_for_the_heartbeat_timeout")]
    [TestCase(5, 0, 31, 0.0, 5.0, TestName = "Later_a_frozen_member_holds_up_nobody")]
    public void A_frozen_member_and_a_reconfig(int major, int minor, int patch, double atLeast, double atMost)
    {
        var set = TestSet.Of(3, version: Version(major, minor, patch));
        set[3].Pause();
        var start = set.Now;

        var reply = set.Reconfig(1, config => config["members"][0]["tags"] = new BsonDocument("a", "b"));

        Assert.That(reply["ok"].ToDouble(), Is.EqualTo(1), reply.ToString);
        Assert.That((set.Now - start).TotalSeconds, Is.InRange(atLeast, atMost));
    }

    [TestCase(4, 4, false)]
    [TestCase(5, 0, true)]
    public void From_5_0_on_the_defaults_of_getLastError_may_not_be_changed(int major, int minor, bool isRefused)
    {
        var set = TestSet.Of(1, version: Version(major, minor, 31));

        var reply = set.Reconfig(1, config => config["settings"]["getLastErrorDefaults"] = new BsonDocument { { "w", 1 }, { "wtimeout", 5000 } });

        Assert.That(reply["ok"].ToDouble() != 1, Is.EqualTo(isRefused), reply.ToString);
        Assert.That(reply.GetValue("code", 5624102).ToInt32(), Is.EqualTo(5624102));
    }

    [TestCase(4, 4, 9, false)]
    [TestCase(4, 4, 29, true)]
    [TestCase(7, 0, 16, true)]
    public void A_primary_and_an_arbiter_gain_a_secondary_in_two_reconfigs(int major, int minor, int patch, bool isRefused)
    {
        var set = DefaultWriteConcernTests.PrimaryAndArbiter(Version(major, minor, patch));
        set.Add(3);
        Assert.That(set.Join(3)["ok"].ToDouble(), Is.EqualTo(1));
        set.Until(() => set.Described(3).State == "SECONDARY", 30);
        set.Run(5);

        var both = set.Reconfig(1, config => config["members"][2] = TestSet.Member(3));

        Assert.That(both["ok"].ToDouble() != 1, Is.EqualTo(isRefused), both.ToString);
        if (isRefused)
        {
            Assert.That(both["code"].AsInt32, Is.EqualTo(103));
            Assert.That(both["errmsg"].AsString, Does.StartWith("Rejecting reconfig where the new config has a PSA topology and the secondary is electable"));
            Assert.That(set.Reconfig(1, config => config["members"][2] = TestSet.Member(3, priority: 0))["ok"].ToDouble(), Is.EqualTo(1), "the vote");
            set.Run(5);
            Assert.That(set.Reconfig(1, config => config["members"][2] = TestSet.Member(3))["ok"].ToDouble(), Is.EqualTo(1), "then the priority");
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_refusal_of_vote_and_priority_names_a_page_where_the_release_does(bool isOld)
    {
        var set = DefaultWriteConcernTests.PrimaryAndArbiter(isOld ? ServerVersion.Mongo50 : ServerVersion.Mongo70);
        set.Add(3);

        var refused = set.Join(3, []);

        Assert.That(refused["errmsg"].AsString.Contains("reconfigForPSASet", StringComparison.Ordinal), Is.EqualTo(!isOld));
    }

    [TestCase(5, 0, false)]
    [TestCase(6, 0, true)]
    [TestCase(8, 2, true)]
    public void From_5_3_on_a_second_arbiter_is_refused(int major, int minor, bool isRefused)
    {
        var set = TestSet.Of(3, version: Version(major, minor, 20));
        set.Add(4);
        set.Add(5);
        set.Ok(1, "{setDefaultRWConcern: 1, defaultWriteConcern: {w: 'majority'}}");
        Assert.That(set.Join(4, new BsonDocument("arbiterOnly", true))["ok"].ToDouble(), Is.EqualTo(1));
        set.Run(5);

        var parameter = set.Ok(1, "{getParameter: 1, featureCompatibilityVersion: 1, allowMultipleArbiters: 1}");
        var second = set.Join(5, new BsonDocument("arbiterOnly", true));

        Assert.That(second["ok"].ToDouble() != 1, Is.EqualTo(isRefused), second.ToString);
        Assert.That(parameter.GetValue("allowMultipleArbiters", BsonNull.Value), Is.EqualTo(isRefused ? BsonBoolean.False : BsonNull.Value), "a parameter that is not known is left out");
        Assert.That(second.GetValue("errmsg", "Multiple arbiters are not allowed").AsString, Does.StartWith("Multiple arbiters are not allowed"));
    }

    [TestCase(4, 4, 10, false)]
    [TestCase(4, 4, 11, true)]
    [TestCase(5, 0, 31, true)]
    public void From_4_4_11_on_the_status_tells_wall_clock_times_of_members(int major, int minor, int patch, bool areTold)
    {
        var set = TestSet.Of(2, version: Version(major, minor, patch));

        var members = set.Ok(1, "{replSetGetStatus: 1}")["members"].AsBsonArray;

        Assert.That(members.Select(m => m.AsBsonDocument.Contains("lastAppliedWallTime")), Is.All.EqualTo(areTold));
    }

    [TestCase(6, 0, false)]
    [TestCase(7, 0, true)]
    public void From_7_0_on_the_feature_compatibility_version_wants_a_confirmation(int major, int minor, bool isWanted)
    {
        var set = TestSet.Of(1, version: Version(major, minor, 16));
        var older = $"{major - 1}.0";

        var plain = set.Send(1, new BsonDocument("setFeatureCompatibilityVersion", older));

        Assert.That(plain["ok"].ToDouble() != 1, Is.EqualTo(isWanted), plain.ToString);
        set.Ok(1, new BsonDocument { { "setFeatureCompatibilityVersion", older }, { "confirm", true } });
    }

    [TestCase("4.4.18", false)]
    [TestCase("4.4.19", true)]
    [TestCase("5.0.0", false)]
    [TestCase("5.0.15", true)]
    [TestCase("5.3.1", false)]
    [TestCase("6.0.4", false)]
    [TestCase("6.1.0", true)]
    [TestCase("8.2.0", true)]
    public void A_series_without_an_entry_of_its_own_has_what_the_last_entry_brought(string version, bool isIn) =>
        Assert.That(ReleaseRange.Parse("4.4.19, 5.0.15, 6.0.5, 6.1.0").Contains(ServerVersion.Parse(version)), Is.EqualTo(isIn));

    [Test]
    public void A_preview_comes_before_its_release_and_after_what_was_before_it()
    {
        var preview = ServerVersion.Parse("5.0.0-preview");

        Assert.That(preview.IsAtLeast(ServerVersion.Mongo49), Is.True);
        Assert.That(preview.IsAtLeast(ServerVersion.Parse("5.0.0")), Is.False);
        Assert.That(ServerVersion.Parse("5.0.0").IsAtLeast(preview), Is.True);
    }

    [Test]
    public void A_config_server_says_so_in_its_hello_and_its_config()
    {
        var set = new TestSet();
        set.Add(1, clusterRole: MemberOptions.ConfigServer);
        var plain = set.Send(1, new BsonDocument("replSetInitiate", new BsonDocument { { "_id", "rs0" }, { "members", new BsonArray { TestSet.Member(1) } } }));
        set.Ok(1, new BsonDocument("replSetInitiate", new BsonDocument { { "_id", "rs0" }, { "configsvr", true }, { "members", new BsonArray { TestSet.Member(1) } } }));
        set.Until(() => set.Described(1).IsWritablePrimary, 20);

        Assert.That(plain["errmsg"].AsString, Is.EqualTo("Nodes started with the --configsvr flag must have configsvr:true in their config"));
        Assert.That(set.Ok(1, "{hello: 1}")["configsvr"].AsInt32, Is.EqualTo(2));
        Assert.That(set.Config(1)["configsvr"].AsBoolean, Is.True);
        Assert.That(set.Ok(1, "{getCmdLineOpts: 1}")["parsed"]["sharding"]["clusterRole"].AsString, Is.EqualTo("configsvr"));
    }

    private static ServerVersion Version(int major, int minor, int patch) => ServerVersion.Supported.Single(v => (v.Major, v.Minor) == (major, minor)) with { Patch = patch };
}
