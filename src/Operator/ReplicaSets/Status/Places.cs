using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>Region and zone of hosts: from the spec, retired members included, else from the member's tags.</summary>
public sealed class Places
{
    private readonly Dictionary<string, (string? Region, string? Zone)> _places = new(StringComparer.Ordinal);

    /// <summary>Reads spec and configuration.</summary>
    public Places(MongoReplicaSetSpec spec, ReplicaSetConfig? config)
    {
        ArgumentNullException.ThrowIfNull(spec);
        foreach (var member in config?.Members ?? [])
        {
            _places[member.Host] = (member.Tags.GetValueOrDefault(TagNames.Region), member.Tags.GetValueOrDefault(TagNames.Zone));
        }

        foreach (var region in spec.Regions)
        {
            foreach (var member in region.Members)
            {
                _places[member.Host.SpelledAs(config?.Members.Select(m => m.Host) ?? [])] = (region.Name, member.Zone);
            }
        }
    }

    /// <summary>The region; null: not known.</summary>
    public string? Region(string host) => _places.GetValueOrDefault(host).Region;

    /// <summary>The zone; null: not known.</summary>
    public string? Zone(string host) => _places.GetValueOrDefault(host).Zone;
}
