using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// A world of simulated <c>mongod</c>s that can reach each other: the loop that runs them, the members by host, and the faults between
/// them. Several replica sets may live in one network; which member belongs to which set is decided by their configs alone.
/// </summary>
public sealed class SimulatedReplicaSetNetwork
{
    private readonly Dictionary<string, SimulatedMember> members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimulatedMember> aliases = new(StringComparer.Ordinal);
    private readonly MemberCalls calls;

    /// <param name="loop">The loop that runs this world; other simulated services may share it.</param>
    public SimulatedReplicaSetNetwork(EventLoop loop)
    {
        Loop = loop;
        Faults = new NetworkFaults(loop);
        calls = new MemberCalls(this);
    }

    /// <summary>The loop that runs this world.</summary>
    public EventLoop Loop { get; }

    /// <summary>
    /// Latency, loss and partitions between members. Change them from actions of the loop, or through <see cref="EventLoop.Post"/>.
    /// </summary>
    public NetworkFaults Faults { get; }

    /// <summary>The members that were added, in order of their addition. Safe to read from any thread once all are added.</summary>
    public IReadOnlyCollection<SimulatedMember> Members => members.Values;

    /// <summary>
    /// Called with one line for each notable step (state changes, elections, configs, crashes); two runs with the same seed give the
    /// same lines. Lines are not built while nobody listens.
    /// </summary>
    public event Action<string>? Traced;

    /// <summary>
    /// What went wrong so far with what a replica set promises: two primaries in one term, a majority-committed operation lost. Empty unless
    /// the model is wrong, or a forced reconfig or a wiped disk broke the promise as it would in reality.
    /// </summary>
    public IReadOnlyList<string> Violations => Guarantees.Violations;

    internal ReplicationGuarantees Guarantees { get; } = new();

    internal MemberCalls Calls => calls;

    /// <summary>What carries the members' calls; null: this network, with its faults.</summary>
    internal IMemberWire? Wire { get; set; }

    /// <summary>Adds a member with an empty disk and starts it.</summary>
    /// <exception cref="ArgumentException">The host has no port or is taken.</exception>
    public SimulatedMember AddMember(MemberOptions options)
    {
        if (!HostAndPort.TryParse(options.Host, out var host) || !options.Host.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException($"Host '{options.Host}' is not host:port.", nameof(options));
        }

        var member = new SimulatedMember(this, options with { Host = host });
        if (!members.TryAdd(host, member))
        {
            throw new ArgumentException($"There is a member at {host} already.", nameof(options));
        }

        member.Start();
        return member;
    }

    /// <summary>Another name that leads to a member, as a second DNS name does.</summary>
    public void AddAlias(string alias, string host) => aliases.Add(alias, members[host]);

    /// <summary>The member at a host, or null.</summary>
    public SimulatedMember? Find(string host) => members.GetValueOrDefault(host) ?? aliases.GetValueOrDefault(host);

    /// <inheritdoc cref="EventLoop.RunRealTimeAsync"/>
    public Task RunRealTimeAsync(CancellationToken cancellationToken) => Loop.RunRealTimeAsync(cancellationToken);

    /// <inheritdoc cref="EventLoop.RunFor"/>
    public void RunFor(TimeSpan duration) => Loop.RunFor(duration);

    /// <inheritdoc cref="EventLoop.RunUntil"/>
    public bool RunUntil(Func<bool> condition, TimeSpan limit) => Loop.RunUntil(condition, limit);

    /// <summary>Sends a command to a member and lets virtual time pass until the reply is there.</summary>
    public BsonDocument Execute(string host, BsonDocument command, TimeSpan? limit = null)
    {
        var member = Find(host) ?? throw new ArgumentException($"There is no member at {host}.", nameof(host));
        var reply = member.ExecuteAsync(command, new ClientConnectionInfo(1), CancellationToken.None);
        return Loop.Await(reply, limit ?? TimeSpan.FromMinutes(5));
    }

    /// <summary>What every member holds at this moment, for invariant checks; call it from the loop's side.</summary>
    public IReadOnlyList<MemberDescription> Describe() => [.. members.Values.Select(member => member.Describe())];

    internal bool IsTraced => Traced is not null;

    internal void Trace(string host, string line) =>
        Traced?.Invoke(FormattableString.Invariant($"{Loop.Elapsed.TotalMilliseconds:F3} {host} {line}"));
}
