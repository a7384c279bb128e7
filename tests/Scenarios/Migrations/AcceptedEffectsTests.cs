using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.Dns;
using Modestano.Scenarios.Virtual;
using MongoDB.Bson;

namespace Modestano.Scenarios.Migrations;

/// <summary>What counts as doubled is itself held to account: a counter that never counts would prove nothing.</summary>
internal sealed class AcceptedEffectsTests
{
    [Test]
    public void A_batch_that_changes_nothing_counts_once_its_answer_is_in_status()
    {
        var records = new StoredEntities<WeightedDnsRecord>();
        var accepted = new AcceptedEffects(records);
        var record = new WeightedDnsRecord { Metadata = new() { Name = "shop", NamespaceProperty = "shop" }, Status = Change("UNCONFIRMED") };
        records.Put(record, newGeneration: true);
        accepted.Applied("255/0");
        accepted.Applied("255/0");
        Assert.That(accepted.RepeatedBatches, Is.Empty, "a change whose answer was lost is confirmed by a second one");
        record.Status = Change("PENDING");
        records.Put(record, newGeneration: false);
        accepted.Applied("255/0");
        Assert.That(accepted.RepeatedBatches, Has.Count.EqualTo(1));
    }

    [Test]
    public void Configurations_are_compared_without_version_and_term()
    {
        var accepted = new AcceptedEffects(new StoredEntities<WeightedDnsRecord>());
        accepted.Took(BsonDocument.Parse("{ replSetReconfig: { _id: 'rs0', version: 2, term: 1, members: [] } }"));
        accepted.Took(BsonDocument.Parse("{ replSetReconfig: { _id: 'rs0', version: 3, term: 1, members: [] } }"));
        accepted.Took(BsonDocument.Parse("{ replSetStepDown: 60 }"));
        Assert.That(accepted.Configurations[0], Is.EqualTo(accepted.Configurations[1]));
        Assert.That(accepted.StepDowns, Is.EqualTo(1));
    }

    private static WeightedDnsRecordStatus Change(string state) => new() { Change = new DnsChangeStatus { Id = "C1", State = state } };
}
