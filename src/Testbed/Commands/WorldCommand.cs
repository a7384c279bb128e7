using System.CommandLine;
using Modestano.Testbed.Commands.Servers;

namespace Modestano.Testbed.Commands;

/// <summary>The command line of modestano-world.</summary>
public static class WorldCommand
{
    /// <summary>The root command.</summary>
    public static RootCommand Build() => new("A Kubernetes API server, a MongoDB replica set and Route 53 on loopback, for the operator's demo and tests.")
    {
        DemoCommand.Build(),
        UpCommand.Build(),
        BenchCommand.Build(),
        BenchMigrationCommand.Build(),
        KubeApiServerCommand.Build(),
        EtcdCommand.Build(),
        MongodCommand.Build(),
        MongodCommand.BuildHub(),
    };
}
