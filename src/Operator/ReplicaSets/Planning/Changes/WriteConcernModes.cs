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
}
