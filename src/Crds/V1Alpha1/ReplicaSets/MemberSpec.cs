using System.ComponentModel.DataAnnotations;
using Modestano.Crds.Schema;

namespace Modestano.Crds.V1Alpha1;

/// <summary>One member. What is not set is derived (votes, priority) or MongoDB's default.</summary>
[CelRule("!(has(self.arbiterOnly) && self.arbiterOnly) || !has(self.priority) || double(self.priority) == 0.0", "an arbiter has priority 0")]
[CelRule("!(has(self.arbiterOnly) && self.arbiterOnly) || !has(self.votes) || self.votes == 1", "an arbiter has a vote and nothing else: leave votes out, or take the arbiter out of the spec")]
[CelRule("!has(self.buildIndexes) || self.buildIndexes || !has(self.votes) || self.votes == 0", "a member with buildIndexes: false cannot vote: an index build waits for every voting member that holds data, and this one never builds; leave votes out, or set votes: 0")]
[CelRule("!(has(self.hidden) && self.hidden) || !has(self.priority) || double(self.priority) == 0.0", "a hidden member has priority 0")]
[CelRule("!has(self.secondaryDelaySecs) || self.secondaryDelaySecs == 0 || !has(self.priority) || double(self.priority) == 0.0", "a delayed member has priority 0")]
[CelRule("!has(self.votes) || self.votes == 1 || !has(self.priority) || double(self.priority) == 0.0", "a member with votes: 0 has priority 0")]
public sealed record MemberSpec
{
    /// <summary><c>host:port</c> by which every other member, and the operator, reach this member.</summary>
    [Required, StringLength(260, MinimumLength = 3)]
    [CelRule("self.matches('^([A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?[.]?|[[][0-9A-Fa-f:.]+[]]):[0-9]+$')", "host must be host:port, as mongo-1.example.internal:27017, 192.0.2.7:27017 or [2001:db8::7]:27017: letters, digits, '-', '_' and '.', an IPv6 address in brackets, no scheme, path or blank")]
    [CelRule("!self.matches(':[0-9]+$') || self.matches(':([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$')", "host must have a port from 1 to 65535, as mongo-1.example.internal:27017")]
    public string Host { get; init; } = "";

    /// <summary>The availability zone; also the replica-set tag <c>zone</c>, where the member has none.</summary>
    [StringLength(63, MinimumLength = 1)]
    public string? Zone { get; init; }

    /// <summary>0 or 1; absent: derived.</summary>
    [Range(0, 1)]
    public int? Votes { get; init; }

    /// <summary>0 to 1000, fractions as a string; absent: derived.</summary>
    [Range(0, 1000)]
    public Fraction? Priority { get; init; }

    /// <summary>Invisible to applications.</summary>
    public bool? Hidden { get; init; }

    /// <summary>Votes, holds no data.</summary>
    public bool? ArbiterOnly { get; init; }

    /// <summary>Seconds that this member stays behind on purpose.</summary>
    [Range(0, 31536000)]
    public int? SecondaryDelaySecs { get; init; }

    /// <summary>False: builds no indexes; can only be set when the member is added.</summary>
    public bool? BuildIndexes { get; init; }

    /// <summary>
    /// A person attests that this mongod was never initialised. Needed only where authorization is on and the member has no users yet, so that
    /// it tells nobody from afar whether it was ever in a set; whatever the member itself answers wins over it.
    /// </summary>
    public bool? Uninitialised { get; init; }

    /// <summary>
    /// Further replica-set tags. <c>modestano-owner</c> is the operator's; <c>region</c> and <c>zone</c> are written where neither this list nor the
    /// member has them.
    /// </summary>
    [MaxLength(20)]
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Split-horizon names: horizon to host:port.</summary>
    [MaxLength(10)]
    public IReadOnlyDictionary<string, string>? Horizons { get; init; }
}
