using Modestano.Testbed.Iam;

namespace Modestano.Testbed.Route53;

/// <summary>How the embedded Route 53 behaves.</summary>
public sealed record Route53Options
{
    /// <summary>The clock of propagation, throttling and health checks.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Seeds the choice among weighted answers, ids and name servers.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long a change stays PENDING; DNS answers with it from then on. The service itself takes up to 60 seconds.</summary>
    public TimeSpan PropagationDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a zone is busy with a batch; another one within that time is refused with PriorRequestNotComplete.</summary>
    public TimeSpan ProcessingTime { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Requests a second that an account may make, all callers together; null: as many as it likes.</summary>
    public int? RequestsPerSecond { get; init; } = 5;

    /// <summary>The port of the API; 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>The port of DNS, UDP and TCP; 0: any free one.</summary>
    public int DnsPort { get; init; }

    /// <summary>How far a request's date may be from the clock; looked at only where the clock is the system's.</summary>
    public TimeSpan MaxClockSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Who may do what; null: every key may do everything.</summary>
    public IamDirectory? Iam { get; init; }
}
