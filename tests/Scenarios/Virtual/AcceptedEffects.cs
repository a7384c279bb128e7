using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Observation;
using Modestano.Scenarios.Dns;
using MongoDB.Bson;

namespace Modestano.Scenarios.Virtual;

/// <summary>What the outside world took from operators, whoever they were; kept by the world, so that a kill cannot lose it.</summary>
internal sealed class AcceptedEffects(StoredEntities<WeightedDnsRecord> records)
{
    private readonly List<BsonDocument> _configurations = [];
    private readonly List<string> _repeatedBatches = [];
    private string? _lastBatch;

    /// <summary>Configurations that a primary took, without their versions and terms.</summary>
    public IReadOnlyList<BsonDocument> Configurations => _configurations;

    /// <summary>Step-downs that a primary carried out.</summary>
    public int StepDowns { get; private set; }

    /// <summary>Batches that changed nothing, sent although status held the id of the change before: nothing was unknown any more.</summary>
    public IReadOnlyList<string> RepeatedBatches => _repeatedBatches;

    /// <summary>A member carried a command out.</summary>
    public void Took(BsonDocument command)
    {
        switch (command.GetElement(0).Name)
        {
            case "replSetReconfig":
                var config = command[0].AsBsonDocument.DeepClone().AsBsonDocument;
                config.Remove("version");
                config.Remove("term");
                _configurations.Add(config);
                break;
            case "replSetStepDown":
                StepDowns++;
                break;
        }
    }

    /// <summary>Route 53 applied a batch.</summary>
    /// <param name="sets">The zone as it is now, in words.</param>
    public void Applied(string sets)
    {
        if (sets == _lastBatch && records.List().All(r => r.Status?.Change?.State != ChangeRecord.Unconfirmed))
        {
            _repeatedBatches.Add(sets);
        }

        _lastBatch = sets;
    }
}
