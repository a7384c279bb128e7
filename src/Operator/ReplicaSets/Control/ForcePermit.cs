using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.ReplicaSets.Control;

/// <summary>
/// R6: a permit is for one forced reconfig. Its use is written before the command is sent: if this process ends before it knows the outcome, the
/// next one must not force again.
/// </summary>
internal sealed class ForcePermit(SetPass pass, StatusReporter reporter, TimeProvider time)
{
    /// <summary>The object as stored, with the mark once it was written.</summary>
    public MongoReplicaSet Marked { get; private set; } = pass.Entity;

    /// <summary>Marks the permit as used.</summary>
    /// <param name="cancellationToken">The effect's.</param>
    public async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        var used = pass.Memory.UnsentPermit = RecoveryUse.TakenUp(pass.Entity.Spec.Recovery!, time.GetUtcNow());
        var next = (pass.Entity.Status ?? new MongoReplicaSetStatus()) with { Recovery = used };
        Marked = await reporter.WriteAsync(pass.Entity, next, pass.Memory, time.GetUtcNow(), cancellationToken);
        pass.Memory.UnsentPermit = null;
    }
}
