using Microsoft.Extensions.DependencyInjection;
using Modestano.Operator.Runtime;

namespace Modestano.Scenarios.Virtual;

/// <summary>How a virtual operator's passes are run where they may fail: as the runtime does it.</summary>
internal sealed record VirtualRuntime
{
    /// <summary>Delays after failed passes.</summary>
    public required Backoff Backoff { get; init; }

    /// <summary>Replaces what would leave the virtual world.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>A pass ended without a failure.</summary>
    public Action<Type, ObjectKey>? Passed { get; init; }

    /// <summary>An exception came out of a pass.</summary>
    public Action<Type, ObjectKey, Exception>? Failed { get; init; }
}
