using System.Globalization;
using Modestano.Scenarios.ReplicaSets;
using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;
using ConfigReader = Modestano.Operator.ReplicaSets.Mongo.ConfigReader;
using MemberState = Modestano.Testbed.Mongo.Model.MemberState;
using ReplicaSetConfig = Modestano.Operator.ReplicaSets.Observation.ReplicaSetConfig;

namespace Modestano.Scenarios.Simulation;

/// <summary>
/// What is really so, read from the members themselves and not from anything that the operator saw or thinks. It looks when a pass begins,
/// when a command arrives, and before each change that somebody makes; between two of these nothing is known to it.
/// </summary>
internal sealed class Truth(SimulatedReplicaSetNetwork network, SimulatedMemberCalls calls, string? foreign)
{
    /// <summary>Heartbeats tell of a silent member only after their own time limit, so the operator may believe in it for this long.</summary>
    private static readonly TimeSpan HeartbeatBlindness = TimeSpan.FromSeconds(15);

    /// <summary>Who reaches a member reads its lag from itself, whatever the primary hears of it; without its own answer its last known position only falls behind.</summary>
    private static readonly TimeSpan LagBlindness = TimeSpan.FromSeconds(5);

    /// <summary>Positions have whole seconds, and the primary's view of a member is a heartbeat old.</summary>
    private static readonly TimeSpan LagBlur = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Convalescence = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Never = TimeSpan.FromDays(-1);

    private readonly Dictionary<string, Sighting> _sightings = network.Members.ToDictionary(m => m.Host, _ => new Sighting());
    private ObjectId? _setId;
    private TimeSpan _lastPass = Never;

    /// <summary>When the pass that runs, or the one before, began.</summary>
    public TimeSpan PassBegan { get; private set; }

    /// <summary>The lag limit of the spec in force.</summary>
    public TimeSpan MaxLag { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The member that takes writes in the newest term; null: nobody does.</summary>
    public SimulatedMember? Primary => network.Members
        .Where(m => m.Process is { } process && process.Topology.IsWritablePrimary && process.Topology.Self is not null && IsOurs(m))
        .MaxBy(m => m.Process!.Topology.Term);

    /// <summary>Since when a transaction is open that is too old for changes of votes; null: none is.</summary>
    public TimeSpan? OldOperationsSince { get; set; }

    /// <summary>The replica set that the schedule is about; null: nobody has initiated it yet.</summary>
    public ObjectId? SetId => _setId ??= network.Members.Where(m => m.Host != foreign).Select(m => m.Disk.Config?.Settings.ReplicaSetId).FirstOrDefault(id => id is not null);

    /// <summary>The configuration that the primary has in force; without one the newest that a member of the set holds.</summary>
    public ReplicaSetConfig? Config => (Primary ?? Newest) is { } member ? ConfigOf(member) : null;

    private SimulatedMember? Newest => network.Members.Where(m => m.Disk.Config is not null && IsOurs(m)).MaxBy(m => m.Disk.Config!.VersionAndTerm);

    /// <summary>The configuration on a member's disk.</summary>
    public ReplicaSetConfig? ConfigOf(SimulatedMember member) => DocumentOf(member) is { } document
        ? ConfigReader.Read(document, IsCommitted(member), ConfigReader.NewlyAdded(document))
        : null;

    /// <summary>The same as the server writes it, <c>newlyAdded</c> included.</summary>
    public static BsonDocument? DocumentOf(SimulatedMember member) =>
        member.Disk.Config is { } config ? ConfigWriter.ToBson(config, member.Release, withNewlyAdded: true) : null;

    /// <summary>A majority of the voters holds at least the configuration that a member holds.</summary>
    public bool IsCommitted(SimulatedMember member) => member.Disk.Config is { } config
        && config.Voters.Count(v => network.Find(v.Host)?.Disk.Config is { } theirs && theirs.VersionAndTerm >= config.VersionAndTerm) >= config.MajorityVoteCount;

    /// <summary>Whether a host belongs to the set, or to none.</summary>
    public bool IsOurs(SimulatedMember member) => member.Disk.Config?.Settings.ReplicaSetId is not { } id || (SetId is null ? member.Host != foreign : id == SetId);

    public SimulatedMember Find(string host) => network.Find(host) ?? throw new ArgumentException($"there is no {host}", nameof(host));

    /// <summary>A pass begins: what it can see from now on is at least as new as this moment.</summary>
    public void BeginPass()
    {
        PassBegan = network.Loop.Elapsed;
        Look();
        foreach (var (host, sighting) in _sightings)
        {
            sighting.IsAsked = false;
            sighting.IsDownInPass = sighting.Up != network.Loop.Elapsed;
            sighting.IsIllInPass = !WasKnownGood(sighting, network.Loop.Elapsed);

            // A member that came back after the pass before may have done so right after it.
            sighting.SteadySince ??= _lastPass;
        }
    }

    /// <summary>The operator asks a member itself. Who is not asked, as at rest, is what the primary says it is: a freeze that heartbeats forgive is nobody's to know.</summary>
    public void Ask(string host)
    {
        if (_sightings.TryGetValue(host, out var sighting))
        {
            sighting.IsAsked = true;
        }
    }

    /// <summary>A pass ends: who was bad all through it has not been steady.</summary>
    public void EndPass()
    {
        Look();
        foreach (var (host, sighting) in _sightings)
        {
            sighting.SteadySince = SteadyFor(host) is null ? null : sighting.SteadySince;
        }

        _lastPass = PassBegan;
    }

    /// <summary>Notes who is up and who is close.</summary>
    public void Look()
    {
        var now = network.Loop.Elapsed;
        var primary = Primary;
        foreach (var (host, sighting) in _sightings)
        {
            var member = Find(host);
            var isUp = member is { IsRunning: true, IsPaused: false } && !calls.CutOff.Contains(host);
            if (isUp)
            {
                sighting.Up = now;
            }

            foreach (var witness in network.Members.Where(w => w.IsRunning && IsSeen(member, w)))
            {
                sighting.SeenBy[witness.Host] = now;
            }

            // A primary that was elected during a cut remembers what it had heard as a secondary.
            sighting.Seen = primary is null ? sighting.Seen : sighting.SeenBy.GetValueOrDefault(primary.Host, Never);
            var isSeen = primary is not null && sighting.Seen == now;
            sighting.Close = primary is not null && IsClose(member, primary, LagBlur) ? now : sighting.Close;
            sighting.SureSince = isUp && isSeen && IsClose(member, primary!, -LagBlur) ? sighting.SureSince ?? now : null;
        }
    }

    /// <summary>It was up at some moment since the pass began.</summary>
    public bool WasUp(string host) => _sightings[host].Up >= PassBegan;

    /// <summary>It was up since the pass began, and seen and close as far as anybody but itself could know: a fresh cut is nobody's to know.</summary>
    public bool WasGood(string host) => WasUp(host) && WasKnownGood(_sightings[host], PassBegan);

    /// <summary>Nobody can take it for ill: it has been up and close for longer than heartbeats remember a failure.</summary>
    public bool IsSurelyGood(string host) => _sightings[host].SureSince is { } since && network.Loop.Elapsed - since >= Convalescence;

    /// <summary>How long it has been good at some moment of each pass; null: it is not.</summary>
    public TimeSpan? SteadyFor(string host) => _sightings[host] is { SteadySince: { } since } sighting && (!sighting.IsBadInPass || IsGood(host)) ? network.Loop.Elapsed - since : null;

    /// <summary>What is known of a member, for a break's message.</summary>
    public string Describe(string host)
    {
        var (member, primary) = (Find(host), Primary);
        return string.Create(CultureInfo.InvariantCulture, $"{host} ({member.Process?.Topology.State.ToString() ?? "down"}, {(primary is null ? "no primary" : $"{(long)primary.Disk.Oplog.Last.Seconds - member.Disk.Oplog.Last.Seconds} s behind")}, up {Ago(_sightings[host].Up)}, seen {Ago(_sightings[host].Seen)}, close {Ago(_sightings[host].Close)})");

        string Ago(TimeSpan at) => at < TimeSpan.Zero ? "never" : string.Create(CultureInfo.InvariantCulture, $"{(network.Loop.Elapsed - at).TotalSeconds:0.#} s ago");
    }

    private bool IsGood(string host) => _sightings[host].Up == network.Loop.Elapsed && WasKnownGood(_sightings[host], network.Loop.Elapsed);

    private bool WasKnownGood(Sighting sighting, TimeSpan since) =>
        sighting.Seen >= Earlier(since, network.Loop.Elapsed - HeartbeatBlindness) && sighting.Close >= Earlier(since, network.Loop.Elapsed - LagBlindness);

    /// <summary>A member of the set, in a state that counts, and the witness and it hear each other. A primary counts as well: the next one remembers having heard it.</summary>
    private bool IsSeen(SimulatedMember member, SimulatedMember witness) => member == witness
        || (member.Process is { Topology.State: MemberState.Primary or MemberState.Secondary or MemberState.Arbiter } && IsOurs(member)
            && !network.Faults.IsCut(member.Host, witness.Host) && !network.Faults.IsCut(witness.Host, member.Host));

    private bool IsClose(SimulatedMember member, SimulatedMember primary, TimeSpan blur)
    {
        if (member == primary || member.Process?.Topology.State == MemberState.Arbiter)
        {
            return true;
        }

        var lag = TimeSpan.FromSeconds((double)primary.Disk.Oplog.Last.Seconds - member.Disk.Oplog.Last.Seconds);
        var delay = TimeSpan.FromSeconds(primary.Disk.Config!.FindByHost(member.Host)?.DelaySeconds ?? 0);
        return lag <= MaxLag + delay + blur;
    }

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private sealed class Sighting
    {
        public TimeSpan Up { get; set; } = Never;

        /// <summary>By the primary.</summary>
        public TimeSpan Seen { get; set; } = Never;

        /// <summary>By each member, whether it was primary then or not.</summary>
        public Dictionary<string, TimeSpan> SeenBy { get; } = new(StringComparer.Ordinal);

        public TimeSpan Close { get; set; } = Never;

        public TimeSpan? SureSince { get; set; }

        public TimeSpan? SteadySince { get; set; }

        /// <summary>The operator asked the member itself in this pass.</summary>
        public bool IsAsked { get; set; }

        /// <summary>It did not run when the pass began.</summary>
        public bool IsDownInPass { get; set; }

        /// <summary>When the pass began, the primary had not heard of it for long, or it was behind.</summary>
        public bool IsIllInPass { get; set; }

        /// <summary>The operator could know in this pass that it was not well.</summary>
        public bool IsBadInPass => IsIllInPass || (IsAsked && IsDownInPass);
    }
}
