using System.Globalization;
using System.Text.RegularExpressions;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>Carries <c>status.specEdits</c> out as a person does who reads them.</summary>
internal static partial class SpecEdits
{
    /// <summary>Commits the edits. A text: what nobody could do.</summary>
    public static string? Commit(IReadOnlyList<SpecEdit> edits, Git git)
    {
        var (set, records) = (git.Set!, new Dictionary<string, WeightedDnsRecordSpec>(git.Records));
        foreach (var edit in edits)
        {
            var name = edit.Target[(edit.Target.IndexOf('/', StringComparison.Ordinal) + 1)..];
            if (edit.Target.StartsWith("MongoReplicaSet/", StringComparison.Ordinal) && Edited(set, edit) is { } changed)
            {
                set = changed;
            }
            else if (records.TryGetValue(name, out var record) && Edited(record, edit, id => git.Endpoints.GetValueOrDefault((name, id))) is { } other)
            {
                records[name] = other;
            }
            else
            {
                return $"an edit that nobody can make: {edit.Target} {edit.Field} from {edit.From} to {edit.To}";
            }
        }

        git.Commit($"what status.specEdits says: {string.Join(", ", edits.Select(e => $"{e.Field} -> {e.To}"))}", set, records);
        return records.Values.FirstOrDefault(r => r.Endpoints.All(e => e.Weight == 0)) is { } dark ? $"with status.specEdits all weights of {dark.Name} are 0, which the API refuses" : null;
    }

    private static MongoReplicaSetSpec? Edited(MongoReplicaSetSpec spec, SpecEdit edit)
    {
        if (edit.Field == "spec.primaryRegion")
        {
            return spec with { PrimaryRegion = edit.To };
        }

        var place = Place().Match(edit.Field);
        if (!place.Success || spec.Regions.All(r => r.Name != place.Groups["region"].Value))
        {
            return null;
        }

        var (region, host, field) = (place.Groups["region"].Value, place.Groups["host"].Value, place.Groups["field"].Value);
        return (host, field, edit.To) switch
        {
            ("", "", "(removed)") => spec with { Regions = [.. spec.Regions.Where(r => r.Name != region)] },
            (_, "", "(removed)") => Members(r => r.Where(m => m.Host != host)),
            (_, "votes", "(removed)" or "(derived)") => Members(r => r.Select(m => m.Host == host ? m with { Votes = null } : m)),
            (_, "votes", _) => Members(r => r.Select(m => m.Host == host ? m with { Votes = int.Parse(edit.To, CultureInfo.InvariantCulture) } : m)),
            (_, "hidden", _) => Members(r => r.Select(m => m.Host == host ? m with { Hidden = edit.To == "true" } : m)),
            _ => null,
        };

        MongoReplicaSetSpec Members(Func<IReadOnlyList<MemberSpec>, IEnumerable<MemberSpec>> change) =>
            spec with { Regions = [.. spec.Regions.Select(r => r.Name == region ? r with { Members = [.. change(r.Members)] } : r)] };
    }

    private static WeightedDnsRecordSpec? Edited(WeightedDnsRecordSpec spec, SpecEdit edit, Func<string, EndpointSpec?> former)
    {
        var place = Endpoint().Match(edit.Field);
        var (id, field) = (place.Groups["id"].Value, place.Groups["field"].Value);
        if (!place.Success || (spec.Endpoints.All(e => e.SetIdentifier != id) && (edit.From != "(removed)" || former(id) is null)))
        {
            return null;
        }

        // What left the spec and still serves comes back, with its weight.
        spec = spec.Endpoints.Any(e => e.SetIdentifier == id) ? spec : spec with { Endpoints = [.. spec.Endpoints, former(id)!] };
        return (field, edit.To) switch
        {
            ("", "(removed)") => spec with { Endpoints = [.. spec.Endpoints.Where(e => e.SetIdentifier != id)] },
            ("weight", _) => spec with { Endpoints = [.. spec.Endpoints.Select(e => e.SetIdentifier == id ? e with { Weight = int.Parse(edit.To, CultureInfo.InvariantCulture) } : e)] },
            _ => null,
        };
    }

    [GeneratedRegex(@"^spec\.regions\[name=(?<region>[^\]]+)\](\.members\[host=(?<host>[^\]]+)\](\.(?<field>\w+))?)?$")]
    private static partial Regex Place();

    [GeneratedRegex(@"^spec\.endpoints\[setIdentifier=(?<id>[^\]]+)\](\.(?<field>\w+))?$")]
    private static partial Regex Endpoint();
}
