using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>From two configurations to the edits between them, and back. The adapter does the second on the raw document.</summary>
public static class ConfigChanges
{
    /// <summary>The configuration that a reconfig makes of its base.</summary>
    public static ReplicaSetConfig Apply(ReplicaSetConfig config, Reconfig step)
    {
        var removed = step.Removals.Select(r => r.Id).ToHashSet();
        return config with
        {
            Version = config.Version + 1,
            Members = [.. config.Members.Where(m => !removed.Contains(m.Id)).Select(m => Apply(m, step.Edits.FirstOrDefault(e => e.Id == m.Id))), .. step.Additions],
            Settings = step.Settings is { } settings ? Apply(config.Settings, settings) : config.Settings,
        };
    }

    /// <summary>The edits that lead from one configuration to another; null: none.</summary>
    public static Reconfig? Between(ReplicaSetConfig from, ReplicaSetConfig to, string runOn)
    {
        var step = new Reconfig
        {
            Summary = "",
            Purpose = ReconfigPurpose.Arrange,
            RunOn = runOn,
            BaseVersion = from.Version,
            BaseTerm = from.Term,
            Edits = [.. to.Members.Select(m => from.Members.FirstOrDefault(o => IsSame(o, m)) is { } old ? Edit(old, m) : null).OfType<MemberEdit>()],
            Additions = [.. to.Members.Where(m => !from.Members.Any(o => IsSame(o, m)))],
            Removals = [.. from.Members.Where(m => !to.Members.Any(n => IsSame(n, m))).Select(m => new MemberRemoval(m.Id, m.Host))],
            Settings = Edit(from.Settings, to.Settings),
        };
        return step.Edits.Count + step.Additions.Count + step.Removals.Count == 0 && step.Settings is null ? null : step;
    }

    /// <summary>Whether two tag or horizon documents say the same.</summary>
    public static bool Same(IReadOnlyDictionary<string, string> x, IReadOnlyDictionary<string, string> y) =>
        x.Count == y.Count && x.All(p => y.TryGetValue(p.Key, out var value) && value == p.Value);

    /// <summary>Whether two members say the same in every field of the typed view but <c>newlyAdded</c>, which is the server's.</summary>
    public static bool Same(ConfigMember x, ConfigMember y) => x.Id == y.Id && x.Host == y.Host && x.ArbiterOnly == y.ArbiterOnly && x.BuildIndexes == y.BuildIndexes && Edit(x, y) is null;

    /// <summary>Whether two configurations say the same, version and term aside.</summary>
    public static bool SameContent(ReplicaSetConfig x, ReplicaSetConfig y) =>
        x.Members.Count == y.Members.Count
        && x.Members.All(m => y.Members.FirstOrDefault(n => n.Id == m.Id) is { } other && Same(m, other))
        && Edit(x.Settings, y.Settings) is null;

    /// <summary>The settings that differ, for a step; null: none. Fields that the second does not set are not compared.</summary>
    public static ConfigSettings? Edit(ConfigSettings from, ConfigSettings to)
    {
        var edit = new ConfigSettings
        {
            ElectionTimeoutMillis = Changed(from.ElectionTimeoutMillis, to.ElectionTimeoutMillis),
            HeartbeatIntervalMillis = Changed(from.HeartbeatIntervalMillis, to.HeartbeatIntervalMillis),
            HeartbeatTimeoutSecs = Changed(from.HeartbeatTimeoutSecs, to.HeartbeatTimeoutSecs),
            CatchUpTimeoutMillis = Changed(from.CatchUpTimeoutMillis, to.CatchUpTimeoutMillis),
            CatchUpTakeoverDelayMillis = Changed(from.CatchUpTakeoverDelayMillis, to.CatchUpTakeoverDelayMillis),
            ChainingAllowed = Changed(from.ChainingAllowed, to.ChainingAllowed),
            GetLastErrorModes = to.GetLastErrorModes is { } modes && !SameModes(from.GetLastErrorModes, modes) ? modes : null,
        };
        return edit == new ConfigSettings() ? null : edit;
    }

    /// <summary>Settings with those of a step laid over them.</summary>
    public static ConfigSettings Apply(ConfigSettings settings, ConfigSettings edit) => new()
    {
        ElectionTimeoutMillis = edit.ElectionTimeoutMillis ?? settings.ElectionTimeoutMillis,
        HeartbeatIntervalMillis = edit.HeartbeatIntervalMillis ?? settings.HeartbeatIntervalMillis,
        HeartbeatTimeoutSecs = edit.HeartbeatTimeoutSecs ?? settings.HeartbeatTimeoutSecs,
        CatchUpTimeoutMillis = edit.CatchUpTimeoutMillis ?? settings.CatchUpTimeoutMillis,
        CatchUpTakeoverDelayMillis = edit.CatchUpTakeoverDelayMillis ?? settings.CatchUpTakeoverDelayMillis,
        ChainingAllowed = edit.ChainingAllowed ?? settings.ChainingAllowed,
        GetLastErrorModes = edit.GetLastErrorModes ?? settings.GetLastErrorModes,
    };

    // The server takes a new host under an old _id for a removal and an addition (seen).
    private static bool IsSame(ConfigMember x, ConfigMember y) => x.Id == y.Id && x.Host == y.Host;

    private static ConfigMember Apply(ConfigMember member, MemberEdit? edit) => edit is null
        ? member
        : member with
        {
            Host = edit.NewHost ?? member.Host,
            Votes = edit.Votes ?? member.Votes,
            Priority = edit.Priority ?? member.Priority,
            Hidden = edit.Hidden ?? member.Hidden,
            SecondaryDelaySecs = edit.SecondaryDelaySecs ?? member.SecondaryDelaySecs,
            Tags = edit.Tags ?? member.Tags,
            Horizons = edit.Horizons ?? member.Horizons,
            NewlyAdded = member.NewlyAdded && edit.Votes != 0,
        };

    private static MemberEdit? Edit(ConfigMember from, ConfigMember to)
    {
        var edit = new MemberEdit(from.Id, from.Host)
        {
            Votes = Changed<int>(from.Votes, to.Votes),
            Priority = Changed<double>(from.Priority, to.Priority),
            Hidden = Changed<bool>(from.Hidden, to.Hidden),
            SecondaryDelaySecs = Changed<long>(from.SecondaryDelaySecs, to.SecondaryDelaySecs),
            Tags = Same(from.Tags, to.Tags) ? null : to.Tags,
            Horizons = Same(from.Horizons, to.Horizons) ? null : to.Horizons,
        };
        return edit == new MemberEdit(from.Id, from.Host) ? null : edit;
    }

    private static T? Changed<T>(T? from, T? to)
        where T : struct => to is { } value && (from is not { } old || !EqualityComparer<T>.Default.Equals(old, value)) ? value : null;

    private static bool SameModes(IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>>? x, IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> y) =>
        (x?.Count ?? 0) == y.Count && y.All(mode => x!.TryGetValue(mode.Key, out var tags) && tags.Count == mode.Value.Count && mode.Value.All(t => tags.TryGetValue(t.Key, out var n) && n == t.Value));
}
