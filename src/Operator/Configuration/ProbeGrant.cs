using System.Net;

namespace Modestano.Operator.Configuration;

/// <summary>What probes may reach, whoever has them made.</summary>
/// <param name="AllowLoopback">Whether 127.0.0.0/8 and ::1 may be probed: for development.</param>
public sealed record ProbePolicy(bool AllowLoopback);

/// <summary>What probes of one provider's records may reach beside public addresses.</summary>
/// <param name="Ports">The ports.</param>
/// <param name="Cidrs">Networks of one's own whose addresses may be probed: load balancers inside, never a cluster's pods and services without meaning to.</param>
public sealed record ProbeGrant(IReadOnlyList<int> Ports, IReadOnlyList<IPNetwork> Cidrs);
