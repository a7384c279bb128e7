using System.Collections.Concurrent;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Route53.Model;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Observation;

/// <summary>Finds zones by id or name; kept for a while, as zones hardly ever change.</summary>
internal sealed class ZoneDirectory(TimeProvider time) : ILeadershipListener
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<(string Account, HostedZoneReference Reference), Known> _known = new();

    /// <inheritdoc/>
    public void StoppedLeading() => _known.Clear();

    /// <summary>The zone of a reference, or why there is none.</summary>
    public async Task<ZoneFound> FindAsync(Route53Account account, HostedZoneReference reference, CancellationToken cancellationToken)
    {
        var known = _known.GetOrAdd((account.Key, reference), _ => new Known());
        // Many records ask for one zone: one of them asks the service, the others wait for its answer.
        await known.Asking.WaitAsync(cancellationToken);
        try
        {
            if (known.Found is { } kept && time.GetUtcNow() - known.At < KeptFor)
            {
                return kept;
            }

            var found = await LookUpAsync(account.Client, reference, cancellationToken);
            (known.Found, known.At) = (found.Refused is null ? found : null, time.GetUtcNow());
            return found;
        }
        finally
        {
            known.Asking.Release();
        }
    }

    /// <summary>Asks the service, whatever is known.</summary>
    public static Task<ZoneFound> LookUpAsync(IAmazonRoute53 client, HostedZoneReference reference, CancellationToken cancellationToken) => reference.Id is { } id
        ? ByIdAsync(client, id, reference.Private, cancellationToken)
        : ByNameAsync(client, reference, cancellationToken);

    /// <summary>Forgets a zone that turned out to be gone.</summary>
    public void Forget(Route53Account account, HostedZoneReference reference) => _known.TryRemove((account.Key, reference), out _);

    private static async Task<ZoneFound> ByIdAsync(IAmazonRoute53 client, string id, bool? isPrivate, CancellationToken cancellationToken)
    {
        try
        {
            var zone = (await client.GetHostedZoneAsync(new() { Id = id }, cancellationToken)).HostedZone;
            var kind = zone.Config?.PrivateZone == true ? "private" : "public";
            return isPrivate is { } wanted && wanted != (kind == "private")
                ? ZoneFound.Not(DnsReasons.ZoneKindDiffers, $"The hosted zone {id} is a {kind} one, and spec.hostedZone.private says {(wanted ? "true" : "false")}: make a new object with the id of the zone that is meant, or without private")
                : new ZoneFound(BareId(zone.Id), RecordNames.Normalize(zone.Name), null);
        }
        catch (NoSuchHostedZoneException)
        {
            return ZoneFound.Not(DnsReasons.ZoneNotFound, $"There is no hosted zone {id} in this account: correct spec.hostedZone.id (by a new object), or make the zone");
        }
    }

    private static async Task<ZoneFound> ByNameAsync(IAmazonRoute53 client, HostedZoneReference reference, CancellationToken cancellationToken)
    {
        var name = RecordNames.Normalize(reference.Name ?? "");
        var isPrivate = reference.Private ?? false;
        var found = new List<HostedZone>();
        var request = new ListHostedZonesByNameRequest { DNSName = name };
        var asked = new HashSet<(string?, string?)>();
        while (asked.Add((request.DNSName, request.HostedZoneId)))
        {
            var page = await client.ListHostedZonesByNameAsync(request, cancellationToken);
            // The list starts at the name and goes on with others: what has another name is not meant.
            found.AddRange(page.HostedZones.Where(zone => RecordNames.Normalize(zone.Name) == name && (zone.Config?.PrivateZone ?? false) == isPrivate));
            if (!page.IsTruncated || page.NextDNSName is null || RecordNames.Normalize(page.NextDNSName) != name)
            {
                break;
            }

            request = new ListHostedZonesByNameRequest { DNSName = page.NextDNSName, HostedZoneId = page.NextHostedZoneId };
        }

        var kind = isPrivate ? "private" : "public";
        return found switch
        {
            [var zone] => new ZoneFound(BareId(zone.Id), name, null),
            [] => ZoneFound.Not(DnsReasons.ZoneNotFound, $"There is no {kind} hosted zone {reference.Name} in this account: correct spec.hostedZone (by a new object), or make the zone"),
            _ => ZoneFound.Not(DnsReasons.ZoneAmbiguous, $"{found.Count} {kind} hosted zones are named {reference.Name}: name one by spec.hostedZone.id (by a new object): {string.Join(", ", found.Select(zone => BareId(zone.Id)))}"),
        };
    }

    private static string BareId(string id) => id[(id.LastIndexOf('/') + 1)..];

    private sealed class Known
    {
        public SemaphoreSlim Asking { get; } = new(1, 1);

        public ZoneFound? Found { get; set; }

        public DateTimeOffset At { get; set; }
    }
}

/// <summary>A zone, or why there is none.</summary>
/// <param name="Id">Without <c>/hostedzone/</c>.</param>
/// <param name="Name">Normalised.</param>
/// <param name="Refused">Why there is none; null: there is.</param>
internal sealed record ZoneFound(string Id, string Name, Stalled? Refused)
{
    public static ZoneFound Not(string reason, string message) => new("", "", new Stalled(reason, message));
}
