using System.CommandLine;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Cli.Cluster;

/// <summary>A kind as people type it.</summary>
/// <param name="Kind">As in manifests.</param>
/// <param name="Plural">As in the API's paths.</param>
/// <param name="ShortName">As kubectl abbreviates it.</param>
public sealed record KindName(string Kind, string Plural, string ShortName)
{
    /// <summary>Replica sets.</summary>
    public static readonly KindName ReplicaSet = new(nameof(MongoReplicaSet), "mongoreplicasets", "mrs");

    /// <summary>Records.</summary>
    public static readonly KindName DnsRecord = new(nameof(WeightedDnsRecord), "weighteddnsrecords", "wdr");

    /// <summary>Migrations.</summary>
    public static readonly KindName Migration = new(nameof(RegionMigration), "regionmigrations", "rmig");

    /// <summary>The argument KIND, for a command that knows these kinds.</summary>
    public static Argument<KindName> Argument(params KindName[] allowed) => new("KIND")
    {
        Description = string.Join(", ", allowed.Select(k => $"{k.ShortName} ({k.Kind})")),
        CustomParser = result =>
        {
            var typed = result.Tokens.Single().Value;
            var found = allowed.FirstOrDefault(k => k.IsCalled(typed));
            if (found is null)
            {
                result.AddError($"KIND: '{typed}' is not allowed here: write {string.Join(" or ", allowed.Select(k => k.ShortName))}");
            }

            return found;
        },
    };

    /// <summary>Whether a word means this kind.</summary>
    public bool IsCalled(string typed) =>
        new[] { Kind, Plural, ShortName, $"{Plural}.{ApiGroup.Name}" }.Contains(typed, StringComparer.OrdinalIgnoreCase);
}
