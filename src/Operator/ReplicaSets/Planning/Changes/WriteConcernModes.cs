using Modestano.Operator.ReplicaSets.Observation;

namespace Modestano.Operator.ReplicaSets.Planning.Changes;

/// <summary>Custom write concerns (<c>settings.getLastErrorModes</c>; manual: Configure Replica Set Tag Sets).</summary>
public static class WriteConcernModes
{
    /// <summary>Whether a mode counts a tag.</summary>
    public static bool Use(ConfigSettings settings, string tag) => settings.GetLastErrorModes?.Values.Any(mode => mode.ContainsKey(tag)) ?? false;

    /// <summary>The first mode that the members of a configuration cannot satisfy, in words; null: all can be.</summary>
    public static string? Unsatisfiable(ReplicaSetConfig config)
    {
        foreach (var (mode, tags) in config.Settings.GetLastErrorModes ?? new Dictionary<string, IReadOnlyDictionary<string, int>>())
        {
            foreach (var (tag, count) in tags)
            {
                var values = config.Members.Where(m => !m.ArbiterOnly && m.Tags.ContainsKey(tag)).Select(m => m.Tags[tag]).Distinct().Count();
                if (values < count)
                {
                    return $"write-concern mode {mode} needs {count} distinct values of tag {tag}, the members have {values}";
                }
            }
        }

        return null;
    }

    /// <summary>
    /// The implicit default write concern of 5.0 and later: majority, but w: 1 where there are arbiters and the data-bearing voters are no more
    /// than a voting majority (manual: Write Concern, Implicit Default Write Concern).
    /// </summary>
    public static string ImplicitDefault(ReplicaSetConfig config)
    {
        var voters = config.Voters.ToList();
        var dataBearing = voters.Count(v => !v.ArbiterOnly);
        return config.Members.Any(m => m.ArbiterOnly) && dataBearing <= config.ElectionMajority ? "1" : "majority";
    }
}
