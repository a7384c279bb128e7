using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.Runtime;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>The operator's own way to the members of a world, for one question.</summary>
internal static class GatewayOf
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly ReplicaSetTarget Target = new(new ObjectKey("shop", "marketplace"), new ReplicaSetConnection());

    /// <summary>One look at the hosts and all that they name.</summary>
    public static ObservedReplicaSet Observe(ReplicaSetWorld world, IReadOnlyList<string> hosts)
    {
        var replies = world.Network.Loop.Await(Gateway(world).ObserveAsync(Target, [.. hosts], ObservationReach.AllMembers, CancellationToken.None), Patience);
        return ObservationBuilder.Build(replies, [.. hosts], null, world.Network.Loop.UtcNow);
    }

    /// <summary>The bytes of data, as an initial sync copies them.</summary>
    public static long? DataSize(ReplicaSetWorld world, string primary) => world.Network.Loop.Await(Gateway(world).DataSizeAsync(Target, primary, CancellationToken.None), Patience);

    private static MongoReplicaSetGateway Gateway(ReplicaSetWorld world) =>
        new(world.Calls, MongoConnectionOptions.From(new OperatorOptions { Grants = Grants.Namespaced }), world.Network.Loop.TimeProvider);
}
