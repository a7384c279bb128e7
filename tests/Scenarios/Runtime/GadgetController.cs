using System.Collections.Concurrent;
using Modestano.Operator.Runtime;

namespace Modestano.Scenarios.Runtime;

/// <summary>Copies the wanted size into status; a scenario may put something in front of that.</summary>
internal sealed class GadgetController(IEntityClient<Gadget> client, IEventRecorder events) : IEntityController<Gadget>
{
    /// <summary>Runs before the status is written.</summary>
    public Func<Gadget, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>How each pass ends.</summary>
    public ReconciliationResult Result { get; set; } = ReconciliationResult.Success;

    public ConcurrentQueue<string> Passes { get; } = new();

    public ConcurrentQueue<string> Gone { get; } = new();

    public async Task<ReconciliationResult> ReconcileAsync(Gadget entity, CancellationToken cancellationToken)
    {
        Passes.Enqueue(entity.Metadata.Name);
        await Before(entity, cancellationToken);
        if (entity.Status?.Size != entity.Spec.Size)
        {
            var after = new Gadget { Metadata = entity.Metadata, Spec = entity.Spec, Status = new GadgetStatus { Size = entity.Spec.Size } };
            await client.UpdateStatusAsync(entity, after, cancellationToken);
            events.Normal(entity, "Resized", $"the size is {entity.Spec.Size} now");
        }

        return Result;
    }

    public Task<ReconciliationResult> DeletedAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        Gone.Enqueue(key.Name);
        return Task.FromResult(ReconciliationResult.Success);
    }
}

internal sealed class GadgetFinalizer : IEntityFinalizer<Gadget>
{
    public ConcurrentQueue<string> Finalized { get; } = new();

    public ReconciliationResult Result { get; set; } = ReconciliationResult.Success;

    public string Identifier => "example.com/clean-up";

    public Task<ReconciliationResult> FinalizeAsync(Gadget entity, CancellationToken cancellationToken)
    {
        Finalized.Enqueue(entity.Metadata.Name);
        return Task.FromResult(Result);
    }
}
