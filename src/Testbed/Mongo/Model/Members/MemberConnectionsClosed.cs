namespace Modestano.Testbed.Mongo.Model;

/// <summary>Why a member drops its client connections.</summary>
public enum ConnectionsClosedReason
{
    /// <summary>The process died without a word (kill -9): sockets reset, the port is closed.</summary>
    Crashed,

    /// <summary>The process ended in order (SIGTERM).</summary>
    ShutDown,

    /// <summary>
    /// The member rolled back or was removed. A step-down keeps connections open since 4.2; commands under way are interrupted instead.
    /// </summary>
    RolledBack,
}
