using Modestano.Testbed.Backends;

namespace Modestano.Testbed;

/// <summary>What a world consists of.</summary>
public sealed record WorldOptions
{
    /// <summary>Folder that kubeconfig, grants and logs are written to; it is made where it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>The repository's <c>config</c> folder: CRDs and roles are applied from it.</summary>
    public required string ConfigFolder { get; init; }

    /// <summary>The namespace that the samples go to.</summary>
    public string Namespace { get; init; } = "marketplace";

    /// <summary>Which servers are real.</summary>
    public BackendChoice Backends { get; init; } = BackendChoice.Embedded;

    /// <summary>Seeds all that is random in the three servers.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// True: the members of the new region are mongods on empty data directories, without users, on machines of their own; only a person's
    /// attestation lets them join. False: somebody made the operator's user on them beforehand.
    /// </summary>
    public bool NewRegionWithoutUsers { get; init; }

    /// <summary>Whether the members speak TLS only, with certificates of an authority that the world makes.</summary>
    public bool MemberTls { get; init; }

    /// <summary>With TLS on embedded members: how long from the start on a member's certificate is valid, by host:port; absent: a year.</summary>
    public IReadOnlyDictionary<string, TimeSpan> CertificatesValidFor { get; init; } = new Dictionary<string, TimeSpan>();

    /// <summary>How long a change stays PENDING at Route 53.</summary>
    public TimeSpan PropagationDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Requests a second that Route 53 allows; its own limit is 5.</summary>
    public int RequestsPerSecond { get; init; } = 5;

    /// <summary>How long a packet takes between the regions, one way. Dublin to London takes about 5 ms.</summary>
    public TimeSpan RegionLatency { get; init; } = TimeSpan.FromMilliseconds(5);
}
