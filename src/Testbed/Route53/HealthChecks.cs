namespace Modestano.Testbed.Route53;

/// <summary>Health checks, whose state the test sets: nothing is really checked.</summary>
public sealed class HealthChecks
{
    /// <summary>A check is healthy when more than this share of its checkers says so.</summary>
    private const double HealthyShare = 0.18;

    private static readonly string[] Regions = ["us-east-1", "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "sa-east-1"];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, HealthCheck> _checks = [];
    private readonly HashSet<string> _deletedReferences = [];

    /// <summary>Makes a healthy check and returns its id.</summary>
    /// <param name="callerReference">Made again with the same reference and settings, the check that exists is returned.</param>
    /// <param name="settings">The HealthCheckConfig as sent; only compared and given back.</param>
    /// <exception cref="Route53RefusalException">The reference belongs to a check with other settings, or to a deleted one.</exception>
    public HealthCheck Create(string callerReference, string settings)
    {
        lock (_gate)
        {
            if (_checks.Values.FirstOrDefault(check => check.CallerReference == callerReference) is { } existing && existing.Settings == settings)
            {
                return existing;
            }

            if (_deletedReferences.Contains(callerReference) || _checks.Values.Any(check => check.CallerReference == callerReference))
            {
                throw new Route53RefusalException(409, "HealthCheckAlreadyExists", $"A health check with the caller reference {callerReference} already exists.");
            }

            var made = new HealthCheck(Guid.NewGuid().ToString(), callerReference, settings, Regions.Length);
            return _checks[made.Id] = made;
        }
    }

    /// <summary>Makes a healthy check for a test.</summary>
    public string Create() => Create(Guid.NewGuid().ToString(), "<HealthCheckConfig xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><Type>TCP</Type></HealthCheckConfig>").Id;

    /// <summary>Lets every checker report success or failure from now on.</summary>
    public void Set(string id, bool healthy) => SetHealthyCheckers(id, healthy ? Regions.Length : 0);

    /// <summary>Lets some of the eight checkers report success; two or more make the check healthy.</summary>
    public void SetHealthyCheckers(string id, int count)
    {
        lock (_gate)
        {
            _checks[id] = Get(id) with { HealthyCheckers = count };
        }
    }

    /// <summary>A record without a check is healthy; with one that was deleted too.</summary>
    internal bool IsHealthy(string? id)
    {
        lock (_gate)
        {
            return id is null || !_checks.TryGetValue(id, out var check) || (double)check.HealthyCheckers / Regions.Length > HealthyShare;
        }
    }

    internal bool Exists(string id)
    {
        lock (_gate)
        {
            return _checks.ContainsKey(id);
        }
    }

    internal HealthCheck Get(string id)
    {
        lock (_gate)
        {
            return _checks.TryGetValue(id, out var check) ? check : throw NoSuch(id);
        }
    }

    internal void Delete(string id)
    {
        lock (_gate)
        {
            if (!_checks.Remove(id, out var check))
            {
                throw NoSuch(id);
            }

            _deletedReferences.Add(check.CallerReference);
        }
    }

    /// <summary>One observation a checker.</summary>
    internal IEnumerable<(string Region, string Address, string Status)> Observations(string id)
    {
        var check = Get(id);
        return Regions.Select((region, i) => (region, $"15.177.{i}.23",
            i < check.HealthyCheckers ? "Success: HTTP Status Code 200, OK" : "Failure: Connection timed out. The endpoint or the internet connection is down, or requests are being blocked by your firewall."));
    }

    private static Route53RefusalException NoSuch(string id) => new(404, "NoSuchHealthCheck", $"No health check exists with the specified ID: {id}");
}

/// <summary>A health check.</summary>
/// <param name="Id">A UUID.</param>
/// <param name="CallerReference">Chosen by who made it.</param>
/// <param name="Settings">HealthCheckConfig as XML.</param>
/// <param name="HealthyCheckers">How many of eight report success.</param>
public sealed record HealthCheck(string Id, string CallerReference, string Settings, int HealthyCheckers);
