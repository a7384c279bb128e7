using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Modestano.Operator.Outgoing;

/// <summary>What the composition root adds for outgoing calls.</summary>
public static class OutgoingServices
{
    /// <summary>Adds the pipelines, once. The clock and the metric factory must be there too.</summary>
    public static IServiceCollection AddOutgoingCalls(this IServiceCollection services)
    {
        services.TryAddSingleton<OutgoingMetrics>();
        services.TryAddSingleton<OutgoingPipelines>();
        return services;
    }
}
