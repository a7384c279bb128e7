namespace Modestano.Testbed.Demo;

/// <summary>How a demo is run.</summary>
/// <param name="OperatorAssembly">Path of modestano-operator.dll.</param>
/// <param name="ConfigFolder">The repository's <c>config</c> folder.</param>
/// <param name="Folder">Where kubeconfig, grants and logs go.</param>
/// <param name="Seed">Seeds the world.</param>
/// <param name="Hold">Stay up afterwards until Ctrl-C.</param>
/// <param name="Limit">A demo that is not done by then has failed.</param>
public sealed record DemoOptions(string OperatorAssembly, string ConfigFolder, string Folder, int Seed, bool Hold, TimeSpan Limit)
{
    /// <summary>Who else looks on.</summary>
    public IDemoGuest? Guest { get; init; }
}

/// <summary>Looks at a demo from inside, beside the workload: a monitoring system, say.</summary>
public interface IDemoGuest
{
    /// <summary>The world is up and nothing has been applied; the operator starts next.</summary>
    /// <returns>Variables of the operator's process beyond the world's.</returns>
    Task<IReadOnlyDictionary<string, string>> ArriveAsync(World world, CancellationToken cancellationToken);

    /// <summary>The demo has been judged; world and operator are still up.</summary>
    Task LeaveAsync(World world, CancellationToken cancellationToken);
}
