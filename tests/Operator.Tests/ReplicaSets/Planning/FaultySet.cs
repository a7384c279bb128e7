using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;

namespace Modestano.Operator.Tests.ReplicaSets.Planning;

/// <summary>
/// A replica set in a few rules: members that go down, lag, copy data; elections; reconfigs that the server would refuse. Time is what the
/// caller says. Simple on purpose: it is the planner's opponent, not a MongoDB.
/// </summary>
internal sealed class FaultySet
{
    private static readonly TimeSpan ElectionTimeout = TimeSpan.FromSeconds(10);
    private readonly Dictionary<string, Node> _nodes = [];
    private ObservedWriteConcern _writeConcern = new("majority", 0, IsExplicit: false);
    private DateTimeOffset? _primaryLostAt;
    private DateTimeOffset _committedAt = DateTimeOffset.MinValue;

    public FaultySet(ReplicaSetConfig config, string primary, IEnumerable<string> fresh)
    {
        Config = config;
        Term = config.Term;
        Primary = primary;
        foreach (var member in config.Members)
        {
            _nodes[member.Host] = new Node { Data = Data.Synced };
        }

        foreach (var host in fresh.Where(h => !_nodes.ContainsKey(h)))
        {
            _nodes[host] = new Node();
        }
    }

    public enum Data
    {
        None,
        Syncing,
        Synced,
        Removed,
    }

    public DateTimeOffset Now { get; private set; } = Sets.Now;

    public ReplicaSetConfig Config { get; private set; }

    public long Term { get; private set; }

    public string? Primary { get; private set; }

    public IEnumerable<string> Hosts => _nodes.Keys;

    public Node this[string host] => _nodes[host];

    public void Tick(TimeSpan elapsed)
    {
        Now += elapsed;
        foreach (var member in Config.Members)
        {
            var node = _nodes[member.Host];
            if (node is { Data: Data.Syncing, Up: true } && Primary is not null && Now >= node.SyncedAt)
            {
                node.Data = Data.Synced;
            }
        }

        // The server gives a vote that it held back by a reconfig of its own.
        if (Primary is not null && Config.Voters.Count() < 7 && Config.Members.FirstOrDefault(m => m.NewlyAdded && _nodes[m.Host] is { Up: true, Data: Data.Synced }) is { } newly)
        {
            Config = Config with { Version = Config.Version + 1, Members = [.. Config.Members.Select(m => m.Id == newly.Id ? m with { NewlyAdded = false } : m)] };
        }

        var voters = Config.Voters.ToList();
        var up = voters.Where(v => _nodes[v.Host].Up).ToList();
        if (Primary is { } primary && (!_nodes[primary].Up || up.Count < Config.ElectionMajority))
        {
            Primary = null;
            _primaryLostAt = Now;
        }

        if (Primary is null && up.Count >= Config.ElectionMajority && Now - (_primaryLostAt ?? Now) >= ElectionTimeout)
        {
            Elect(null);
        }
    }

    /// <summary>The one with the highest priority of those that are up and have all data; nobody: the set stays without primary.</summary>
    public void Elect(string? not)
    {
        var next = Config.Voters
            .Where(m => m.IsElectable && m.Host != not && _nodes[m.Host] is { Up: true, Data: Data.Synced })
            .OrderBy(m => _nodes[m.Host].Lagging)
            .ThenByDescending(m => m.Priority)
            .FirstOrDefault();
        if (next is not null)
        {
            Primary = next.Host;
            _primaryLostAt = null;
            _nodes[next.Host].Lagging = false;
            Term++;
            Config = Config with { Term = Term };
        }
    }

    /// <summary>Carries a step out as the server would; false: refused.</summary>
    public bool Execute(Step step)
    {
        switch (step)
        {
            case Reconfig reconfig:
                return Reconfigure(reconfig);
            case StepDown down:
                var electable = Config.Voters.Any(m => m.IsElectable && m.Host != down.PrimaryHost && _nodes[m.Host] is { Up: true, Data: Data.Synced, Lagging: false });
                if (Primary != down.PrimaryHost || Term != down.Term || !electable)
                {
                    return false;
                }

                Elect(down.PrimaryHost);
                return true;
            case SetDefaultWriteConcern set when Primary is not null:
                _writeConcern = new ObservedWriteConcern(set.W, set.WtimeoutMillis, IsExplicit: true);
                return true;
            case SetDefaultWriteConcern:
                return false;
            default:
                throw new InvalidOperationException($"the schedules know no {step.Kind}");
        }
    }

    /// <summary>Somebody else's reconfig.</summary>
    public void ReconfigureByHand(Func<ReplicaSetConfig, ReplicaSetConfig> change, bool force = false)
    {
        var next = change(Config);
        Config = next with { Version = Config.Version + (force ? 50_000 : 1) };
        AfterReconfig();
    }

    public ObservedReplicaSet Observe()
    {
        var hosts = Config.Members.Select(m => m.Host).ToList();
        return new ObservedReplicaSet
        {
            At = Now,
            ReplicaSetId = Sets.Id,
            SetName = Config.SetName,
            DefaultWriteConcern = _writeConcern,
            Primary = Primary,
            Term = Term,
            Config = Config with { IsCommitted = Now >= _committedAt },
            PrimaryViews = [.. hosts.Where(h => _nodes[h].Up).Select(h => new PrimaryView(h, Primary, Term))],
            Members = _nodes.ToDictionary(n => n.Key, n => Observe(n.Key, n.Value, hosts)),
        };
    }

    private ObservedMember Observe(string host, Node node, List<string> hosts)
    {
        var config = Config.Find(host);
        var state = config is null || !node.Up ? MemberState.Unknown
            : host == Primary ? MemberState.Primary
            : config.ArbiterOnly ? MemberState.Arbiter
            : node.Data == Data.Synced ? MemberState.Secondary : MemberState.Startup2;
        return new ObservedMember
        {
            Host = host,
            State = config is not null && !node.Up ? MemberState.Down : state,
            Healthy = config is null || Primary is null ? null : host == Primary || Sees(Primary, host),
            Reachable = node.Up,
            OwnStatus = !node.Up ? OwnStatus.NotAnswered : config is not null ? OwnStatus.Member : node.Data == Data.None ? OwnStatus.NotYetInitialized : OwnStatus.Removed,
            OwnReplicaSetId = config is not null || node.Data == Data.Removed ? Sets.Id : null,
            Lag = config is null || !node.Up || node.Data != Data.Synced || Primary is null ? null : TimeSpan.FromSeconds(config.SecondaryDelaySecs + (node.Lagging ? 300 : 0)),
            OplogWindow = TimeSpan.FromHours(48),
            Version = "7.0.14",
            FeatureCompatibilityVersion = "7.0",
            SeenHealthyBy = node.Up && config is not null ? hosts.Where(h => h != host && Sees(h, host)).ToHashSet() : [],
            OldestTransactionAge = node.Transaction ? TimeSpan.FromHours(1) : TimeSpan.Zero,
            IndexBuilds = 0,
        };
    }

    private bool Sees(string observer, string host) =>
        _nodes[observer].Up && _nodes[host].Up && !_nodes[observer].Blind.Contains(host) && !_nodes[host].Blind.Contains(observer);

    private bool Reconfigure(Reconfig step)
    {
        if (Primary is null || step.RunOn != Primary || step.BaseVersion != Config.Version || step.BaseTerm != Config.Term)
        {
            return false;
        }

        var next = ConfigChanges.Apply(Config, step);
        var changed = next.Members.Concat(Config.Members).Select(m => m.Id).Distinct()
            .Count(id => (next.Members.FirstOrDefault(m => m.Id == id)?.Votes ?? 0) != (Config.Members.FirstOrDefault(m => m.Id == id)?.Votes ?? 0));
        if (changed > 1 || next.Voters.Count(v => _nodes[v.Host].Up) < next.ElectionMajority || next.Find(Primary) is not { IsElectable: true }
            || (!_writeConcern.IsExplicit && ImplicitDefault.Of(Config) != ImplicitDefault.Of(next))
            || PrimarySecondaryArbiter.IsRefused(Config, next))
        {
            return false;
        }

        Config = next;
        _committedAt = Now + TimeSpan.FromSeconds(2);
        AfterReconfig();
        return true;
    }

    private void AfterReconfig()
    {
        foreach (var (host, node) in _nodes)
        {
            var member = Config.Find(host);
            if (member is null)
            {
                node.Data = node.Data == Data.None ? Data.None : Data.Removed;
            }
            else if (member.ArbiterOnly)
            {
                node.Data = Data.Synced;
            }
            else if (node.Data is Data.None or Data.Removed)
            {
                node.Data = Data.Syncing;
                node.SyncedAt = Now + TimeSpan.FromSeconds(40);
            }
        }
    }

    /// <summary>One mongod.</summary>
    internal sealed class Node
    {
        public bool Up { get; set; } = true;

        public bool Lagging { get; set; }

        public bool Transaction { get; set; }

        /// <summary>Hosts that it has no connection with.</summary>
        public HashSet<string> Blind { get; } = [];

        public Data Data { get; set; }

        public DateTimeOffset SyncedAt { get; set; }
    }
}
