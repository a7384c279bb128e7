using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Tests.MongoModel;

/// <summary>The feature compatibility version: who may copy whom, and who talks to whom.</summary>
public sealed class FeatureCompatibilityTests
{
    private const string Get = "{getParameter: 1, featureCompatibilityVersion: 1}";

    [Test]
    public void While_it_changes_the_document_names_a_target_and_nobody_can_copy()
    {
        var set = TestSet.Of(2);
        set.Add(3);
        set[1].SetSpeed(new DiskOptions { FeatureCompatibilityHeld = true });
        var changing = set.Start(1, BsonDocument.Parse("{setFeatureCompatibilityVersion: '6.0', confirm: true}"));
        set.Run(2);

        Assert.That(set.Ok(1, Get)["featureCompatibilityVersion"], Is.EqualTo(new BsonDocument { { "version", "6.0" }, { "targetVersion", "6.0" }, { "previousVersion", "7.0" } }));
        set.Join(3);
        set.Run(6);
        var attempts = set.Ok(3, "{replSetGetStatus: 1}")["initialSyncStatus"]["initialSyncAttempts"].AsBsonArray;
        Assert.That(attempts[0]["status"].AsString, Does.Contain("Sync source had unsafe feature compatibility version: downgrading from 7.0 to 6.0"));

        set[1].SetSpeed(new DiskOptions());
        set.Until(() => changing.IsCompletedSuccessfully && set.Described(3).State == "SECONDARY", 20);
        Assert.That(set.Ok(3, Get)["featureCompatibilityVersion"], Is.EqualTo(new BsonDocument("version", "6.0")));
    }

    [Test]
    public void An_older_binary_is_down_to_a_set_whose_data_is_past_it()
    {
        var set = TestSet.Of(2, version: ServerVersion.Mongo80);
        set.Add(3, version: ServerVersion.Mongo70);

        set.Join(3);
        set.Run(15);

        var seen = set.Ok(1, "{replSetGetStatus: 1}")["members"][2];
        Assert.That(seen["health"].ToDouble(), Is.Zero);
        Assert.That(seen["lastHeartbeatMessage"].AsString, Does.Contain("Server min and max wire version (0,21) is incompatible with client min wire version (25,25)"));
        Assert.That(set.Send(3, "{replSetGetStatus: 1}")["code"].AsInt32, Is.EqualTo(94));
    }

    [Test]
    public void An_older_binary_joins_newer_ones_while_the_data_is_still_at_its_own_version()
    {
        var set = TestSet.Of(2, version: ServerVersion.Mongo80);
        set.Add(3, version: ServerVersion.Mongo70);
        set.Ok(1, "{setFeatureCompatibilityVersion: '7.0', confirm: true}");

        set.Join(3);

        set.Until(() => set.Described(3).State == "SECONDARY", 30);
    }

    [Test]
    public void A_binary_two_releases_newer_cannot_copy_the_set()
    {
        var set = TestSet.Of(2, version: ServerVersion.Mongo70);
        set.Ok(1, "{setFeatureCompatibilityVersion: '6.0', confirm: true}");
        set.Add(3, version: ServerVersion.Mongo80);

        set.Join(3);
        set.Run(5);

        var attempts = set.Ok(3, "{replSetGetStatus: 1}")["initialSyncStatus"]["initialSyncAttempts"].AsBsonArray;
        Assert.That(attempts[0]["status"].AsString, Does.Contain("Invalid feature compatibility version value, found 6.0"));
    }

    [Test]
    public void A_version_that_the_binary_does_not_know_is_refused()
    {
        var set = TestSet.Of(1, version: ServerVersion.Mongo82);

        Assert.That(set.Send(1, "{setFeatureCompatibilityVersion: '7.0', confirm: true}")["code"].AsInt32, Is.EqualTo(2));
        set.Ok(1, "{setFeatureCompatibilityVersion: '8.0', confirm: true}");
    }
}
