using System.Collections.Immutable;
using Modestano.Testbed.Route53.Changes;

namespace Modestano.Testbed.Route53.Zones;

/// <summary>All zones and changes. Every method is atomic.</summary>
public sealed class ZoneStore
{
    private const string IdLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private readonly Lock _gate = new();
    private readonly Route53Options _options;
    private readonly Route53Faults _faults;
    private readonly HealthChecks _healthChecks;
    private readonly Random _random;
    private readonly Dictionary<string, HostedZone> _zones = [];
    private readonly Dictionary<string, ZoneChange> _changes = [];
    private readonly List<AppliedBatch> _log = [];

    internal ZoneStore(Route53Options options, Route53Faults faults, HealthChecks healthChecks)
    {
        (_options, _faults, _healthChecks) = (options, faults, healthChecks);
        _random = new Random(options.Seed);
    }

    /// <summary>Every batch applied so far, oldest first.</summary>
    public IReadOnlyList<AppliedBatch> Log
    {
        get
        {
            lock (_gate)
            {
                return [.. _log];
            }
        }
    }

    /// <summary>All zones, by id.</summary>
    public IReadOnlyList<HostedZone> Zones
    {
        get
        {
            lock (_gate)
            {
                return [.. _zones.Values.OrderBy(zone => zone.Id, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Makes a zone.</summary>
    /// <param name="name">With or without a trailing dot.</param>
    /// <param name="id">Absent: one is made up.</param>
    /// <param name="isPrivate">Whether it is a private zone.</param>
    /// <param name="callerReference">Absent: a new one.</param>
    /// <param name="comment">The zone's comment.</param>
    /// <exception cref="Route53RefusalException">The caller reference was used before.</exception>
    public HostedZone CreateZone(string name, string? id = null, bool isPrivate = false, string? callerReference = null, string? comment = null) =>
        CreateZoneChange(name, id, isPrivate, callerReference ?? Guid.NewGuid().ToString(), comment).Zone;

    internal (HostedZone Zone, ZoneChange Change) CreateZoneChange(string name, string? id, bool isPrivate, string callerReference, string? comment)
    {
        lock (_gate)
        {
            if (_zones.Values.Any(zone => zone.CallerReference == callerReference))
            {
                throw new Route53RefusalException(409, "HostedZoneAlreadyExists", $"A hosted zone has already been created with the specified caller reference {callerReference}.");
            }

            var server = _random.Next(1, 500);
            string[] servers = [$"ns-{server}.awsdns-{server % 64:00}.com", $"ns-{server + 512}.awsdns-{server % 64:00}.net", $"ns-{server + 1024}.awsdns-{server % 64:00}.org", $"ns-{server + 1536}.awsdns-{server % 64:00}.co.uk"];
            var zone = new HostedZone(id ?? "Z" + NewId(19), DnsName.Normalize(name), callerReference, comment, isPrivate, servers, Now);
            _zones.Add(zone.Id, zone);
            return (zone, NewChange(Now + Delay, null));
        }
    }

    /// <summary>Removes a zone, whatever is in it, as a person with enough rights can.</summary>
    public void DropZone(string id)
    {
        lock (_gate)
        {
            _zones.Remove(id);
        }
    }

    /// <summary>Reads a zone's sets as lists show them.</summary>
    /// <exception cref="Route53RefusalException">There is no such zone.</exception>
    public ImmutableSortedDictionary<RecordKey, RecordSet> Sets(string zoneId)
    {
        lock (_gate)
        {
            return Zone(zoneId).Sets;
        }
    }

    /// <summary>Reads a zone's sets as the DNS servers answer with them now.</summary>
    internal ImmutableSortedDictionary<RecordKey, RecordSet> Served(HostedZone zone)
    {
        lock (_gate)
        {
            return zone.ServedAt(Now);
        }
    }

    /// <summary>Applies a batch, or refuses it.</summary>
    /// <exception cref="Route53RefusalException">No such zone, the zone is busy, or a rule is broken.</exception>
    public ZoneChange Apply(string zoneId, string? comment, IReadOnlyList<AppliedChange> changes)
    {
        lock (_gate)
        {
            var zone = Zone(zoneId);
            if (Now < zone.BusyUntil)
            {
                throw new Route53RefusalException(400, "PriorRequestNotComplete", "The request was rejected because Route 53 was still processing a prior request.");
            }

            var sets = ZoneRules.Apply(zone, changes, _healthChecks.Exists);
            zone.BusyUntil = Now + _options.ProcessingTime;
            var inSyncAt = zone.Apply(sets, Now + Delay);
            var change = NewChange(inSyncAt, comment);
            _log.Add(new AppliedBatch(Now, zoneId, change.Id, comment, changes));
            return change;
        }
    }

    internal HostedZone Get(string zoneId)
    {
        lock (_gate)
        {
            return Zone(zoneId);
        }
    }

    internal ZoneChange Delete(string zoneId)
    {
        lock (_gate)
        {
            if (Zone(zoneId).Sets.Count > 2)
            {
                throw new Route53RefusalException(400, "HostedZoneNotEmpty", "The specified hosted zone contains non-required resource record sets and so cannot be deleted.");
            }

            _zones.Remove(zoneId);
            return NewChange(Now + Delay, null);
        }
    }

    /// <summary>Whether every name server answers with a change.</summary>
    public bool IsInSync(string changeId)
    {
        lock (_gate)
        {
            return GetChange(changeId).InSyncAt <= Now;
        }
    }

    internal ZoneChange GetChange(string id)
    {
        lock (_gate)
        {
            return _changes.TryGetValue(id, out var change) ? change : throw new Route53RefusalException(404, "NoSuchChange", $"Could not find resource with ID: {id}");
        }
    }

    private DateTimeOffset Now => _options.Time.GetUtcNow();

    private TimeSpan Delay => _faults.PropagationDelay ?? _options.PropagationDelay;

    private HostedZone Zone(string id) =>
        _zones.TryGetValue(id, out var zone) ? zone : throw new Route53RefusalException(404, "NoSuchHostedZone", $"No hosted zone found with ID: {id}");

    private ZoneChange NewChange(DateTimeOffset inSyncAt, string? comment)
    {
        var change = new ZoneChange("C" + NewId(20), Now, inSyncAt, comment);
        return _changes[change.Id] = change;
    }

    private string NewId(int length) => string.Create(length, _random, (span, random) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = IdLetters[random.Next(IdLetters.Length)];
        }
    });
}
