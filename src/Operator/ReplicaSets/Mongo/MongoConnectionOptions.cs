using Modestano.Operator.Configuration;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>What the operator's configuration says about connections to members.</summary>
public sealed record MongoConnectionOptions
{
    /// <summary>A SOCKS5 proxy through which members are reached (it also resolves their names); null: directly.</summary>
    public HostPort? Socks5Proxy { get; init; }

    /// <summary>Which hosts may be connected to.</summary>
    public required Grants Grants { get; init; }

    /// <summary>How long a member may take for everything that one pass asks it, beside the round trips: see <see cref="ProbeBudget"/>.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>What every connection must have, whatever a spec says.</summary>
    public required LeastSecurity LeastSecurity { get; init; }

    /// <summary>Whether CAs are asked if they have revoked a member's certificate.</summary>
    public bool CheckRevocation { get; init; }

    /// <summary>How many rounds of hashing a member may ask a login for.</summary>
    public int MostScramRounds { get; init; } = ScramRounds.Most;

    /// <summary>Where names lead.</summary>
    internal NameResolution Names { get; init; } = NameResolution.OfTheMachine;

    /// <summary>From the operator's options.</summary>
    public static MongoConnectionOptions From(OperatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new()
        {
            Socks5Proxy = options.MongoSocks5Proxy,
            Grants = options.Grants,
            ProbeTimeout = options.MongoProbeTimeout,
            LeastSecurity = options.MongoLeastSecurity,
            CheckRevocation = options.MongoCheckRevocation,
            MostScramRounds = options.MongoMaxScramIterations,
        };
    }

    /// <summary>Why a host may not be connected to, with a login or without; null: it may.</summary>
    /// <param name="set">The object that names it.</param>
    /// <param name="host">host:port.</param>
    public string? RefusalFor(ObjectKey set, string host) => Grants.RefusalForHost(set.Namespace, host);
}
