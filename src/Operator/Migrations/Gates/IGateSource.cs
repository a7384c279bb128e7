using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>Gates that ask the outside world: each yields one result a gate, and never throws for what the outside answers.</summary>
public interface IGateSource
{
    /// <summary>Evaluates the gates of this source towards a region.</summary>
    Task<IReadOnlyList<GateStatus>> EvaluateAsync(MigrationContext context, string region, CancellationToken cancellationToken);
}
