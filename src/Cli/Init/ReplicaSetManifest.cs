using System.Globalization;
using System.Text;
using Modestano.Cli.Cluster;
using Modestano.Cli.Views;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Cli.Init;

/// <summary>A MongoReplicaSet for a set as it runs: applied, it plans nothing but the marks of its adoption. Pure.</summary>
internal static class ReplicaSetManifest
{
    // What the server sets where nobody says otherwise (manual: Replica Set Configuration, settings).
    private static readonly ConfigSettings Defaults = new()
    {
        ElectionTimeoutMillis = 10000,
        HeartbeatIntervalMillis = 2000,
        HeartbeatTimeoutSecs = 10,
        CatchUpTimeoutMillis = -1,
        CatchUpTakeoverDelayMillis = 30000,
        ChainingAllowed = true,
    };

    /// <summary>The manifest.</summary>
    /// <param name="live">The set.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="secret">The Secret with the operator's login.</param>
    /// <param name="region">Where a member is.</param>
    /// <param name="zone">The zone that it is in.</param>
    /// <exception cref="PluginException">The region of a member or of the primary is not known.</exception>
    public static InitText Of(LiveSet live, string name, string secret, PlaceRule region, PlaceRule zone)
    {
        var places = Places(live, region, zone);
        var home = live.Primary is { } primary && places.TryGetValue(primary, out var at)
            ? at.Region
            : throw new PluginException($"{live.Config.SetName} has no primary now, and the region that it belongs to cannot be told: wait until the set has elected one");
        var (regions, problems) = DerivedMembers.Of(live.Config, places, home);
        var notes = new List<string>(problems.Select(p => $"not expressible: {p}"));
        notes.AddRange(Notes(live));

        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"# {YamlScalar.Comment(live.Config.SetName)} as it ran at version {live.Config.Version} of its configuration. Applied, this plans nothing but to mark the members\n");
        yaml.Append("# as owned and, where they have no such tags, with their places. Read the plan, then set mode: Apply.\n");
        foreach (var note in notes)
        {
            yaml.Append("# - ").Append(YamlScalar.Comment(note)).Append('\n');
        }

        yaml.Append(CultureInfo.InvariantCulture, $"apiVersion: {ApiGroup.GroupVersion}\nkind: MongoReplicaSet\nmetadata:\n  name: {YamlScalar.Of(name)}\nspec:\n  replicaSetName: {YamlScalar.Of(live.Config.SetName)}\n");
        Connection(yaml, live.Login, secret);
        yaml.Append(CultureInfo.InvariantCulture, $"  primaryRegion: {YamlScalar.Of(home)}\n  regions:\n");
        foreach (var of in regions)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  - name: {YamlScalar.Of(of.Name)}\n    members:\n");
            foreach (var member in of.Members)
            {
                yaml.Append("    - {").AppendJoin(", ", Fields(member)).Append("}\n");
            }
        }

        Settings(yaml, live.Config.Settings);
        yaml.Append("  reconfiguration:\n    mode: Plan\n");
        return new InitText(yaml.ToString(), notes);
    }

    private static Dictionary<string, (string Region, string? Zone)> Places(LiveSet live, PlaceRule region, PlaceRule zone)
    {
        var places = new Dictionary<string, (string Region, string? Zone)>(StringComparer.Ordinal);
        var unknown = new List<string>();
        foreach (var member in live.Config.Members)
        {
            if (region.Of(member.Host, member.Tags) is { } found)
            {
                places[member.Host] = (found, zone.Of(member.Host, member.Tags));
            }
            else
            {
                unknown.Add(member.Host);
            }
        }

        return unknown.Count == 0
            ? places
            : throw new PluginException($"the region of {string.Join(", ", unknown)} is told by neither a tag nor its name: give --region-of a regular expression that matches it in the host (its first group counts), or tag:NAME");
    }

    private static IEnumerable<string> Notes(LiveSet live)
    {
        if (live.Config.Members.SelectMany(m => m.Tags).FirstOrDefault(t => t.Key == TagNames.Owner).Value is { } owner)
        {
            yield return $"the members are marked as owned by {owner}: another object takes them over only with reconfiguration.previousOwner and an approved plan";
        }

        if (Version.TryParse(live.Version.Split('-')[0], out var version) && version < new Version(4, 4))
        {
            yield return $"MongoDB {live.Version} is older than 4.4, which the operator does not manage";
        }

        foreach (var field in live.Raw.Names.Where(n => n is not ("_id" or "version" or "term" or "members" or "settings" or "protocolVersion" or "writeConcernMajorityJournalDefault" or "configsvr")))
        {
            yield return $"{field} of the configuration has no place in a spec; it stays as it is";
        }

        if (live.Raw.GetValue("writeConcernMajorityJournalDefault", true) == false)
        {
            yield return "writeConcernMajorityJournalDefault: false has no place in a spec; it stays as it is";
        }

        if (live.Raw.Doc("settings").Doc("getLastErrorDefaults") is { } defaults && (defaults.GetValue("w", 1) != 1 || defaults.GetValue("wtimeout", 0) != 0))
        {
            yield return "settings.getLastErrorDefaults has no place in a spec; it stays as it is (releases from 5.0 on ignore it)";
        }

        foreach (var member in live.Config.Members.Where(m => m is { ArbiterOnly: true, Tags.Count: > 0 }))
        {
            yield return $"tags of the arbiter {member.Host} have no place in a spec; they stay as they are";
        }

        if (live.Login.Mechanism is null)
        {
            yield return "the set was read without a login: where authorization is on, add connection.credentialsSecretRef";
        }
    }

    private static void Connection(StringBuilder yaml, LiveLogin login, string secret)
    {
        yaml.Append("  connection:\n");
        if (login.Mechanism is { } mechanism and not "MONGODB-X509")
        {
            yaml.Append("    # kubectl create secret generic ").Append(secret)
                .Append(" --type=mongo.modestano.io/credentials --from-literal=username=… --from-file=password=…\n")
                .Append(CultureInfo.InvariantCulture, $"    credentialsSecretRef: {{name: {YamlScalar.Of(secret)}}}\n");
            if (mechanism != "SCRAM-SHA-256")
            {
                yaml.Append(CultureInfo.InvariantCulture, $"    mechanism: {YamlScalar.Of(mechanism)}\n");
            }
        }
        else if (login.Mechanism is not null)
        {
            yaml.Append("    mechanism: MONGODB-X509\n");
        }

        if (!login.UsesTls)
        {
            yaml.Append("    tls: {mode: Disabled}   # it was read without TLS\n");
            return;
        }

        var references = new List<string>();
        if (login.HasOwnAuthority)
        {
            yaml.Append("    # kubectl create secret generic mongo-ca --type=mongo.modestano.io/ca --from-file=ca.crt=…\n");
            references.Add("caSecretRef: {name: mongo-ca}");
        }

        if (login.HasClientCertificate)
        {
            yaml.Append("    # kubectl create secret tls mongo-client --cert=… --key=…\n");
            references.Add("clientCertificateSecretRef: {name: mongo-client}");
        }

        yaml.Append(CultureInfo.InvariantCulture, $"    tls: {{mode: Required{string.Concat(references.Select(r => ", " + r))}}}\n");
    }

    private static IEnumerable<string> Fields(MemberSpec member)
    {
        yield return $"host: {YamlScalar.Of(member.Host)}";
        if (member.Zone is { } zone)
        {
            yield return $"zone: {YamlScalar.Of(zone)}";
        }

        if (member.Votes is { } votes)
        {
            yield return $"votes: {votes}";
        }

        if (member.Priority is { } priority)
        {
            // A fraction is a string in the API.
            yield return $"priority: {(priority.Value == decimal.Truncate(priority.Value) ? priority.ToString() : $"\"{priority}\"")}";
        }

        if (member.Hidden == true)
        {
            yield return "hidden: true";
        }

        if (member.ArbiterOnly == true)
        {
            yield return "arbiterOnly: true";
        }

        if (member.SecondaryDelaySecs is { } delay)
        {
            yield return $"secondaryDelaySecs: {delay}";
        }

        if (member.BuildIndexes == false)
        {
            yield return "buildIndexes: false";
        }

        if (member.Tags is { } tags)
        {
            yield return $"tags: {YamlScalar.Map(tags)}";
        }

        if (member.Horizons is { } horizons)
        {
            yield return $"horizons: {YamlScalar.Map(horizons)}";
        }
    }

    private static void Settings(StringBuilder yaml, ConfigSettings settings)
    {
        var fields = new List<string>();
        void Add(string name, object? value, object? byDefault)
        {
            if (value is not null && !value.Equals(byDefault))
            {
                fields.Add($"    {name}: {Convert.ToString(value, CultureInfo.InvariantCulture)!.ToLowerInvariant()}\n");
            }
        }

        Add("electionTimeoutMillis", settings.ElectionTimeoutMillis, Defaults.ElectionTimeoutMillis);
        Add("heartbeatIntervalMillis", settings.HeartbeatIntervalMillis, Defaults.HeartbeatIntervalMillis);
        Add("heartbeatTimeoutSecs", settings.HeartbeatTimeoutSecs, Defaults.HeartbeatTimeoutSecs);
        Add("catchUpTimeoutMillis", settings.CatchUpTimeoutMillis, Defaults.CatchUpTimeoutMillis);
        Add("catchUpTakeoverDelayMillis", settings.CatchUpTakeoverDelayMillis, Defaults.CatchUpTakeoverDelayMillis);
        Add("chainingAllowed", settings.ChainingAllowed, Defaults.ChainingAllowed);
        if (settings.GetLastErrorModes is { Count: > 0 } modes)
        {
            fields.Add("    getLastErrorModes:\n");
            fields.AddRange(modes.Select(m => $"      {YamlScalar.Of(m.Key)}: {{{string.Join(", ", m.Value.Select(v => FormattableString.Invariant($"{YamlScalar.Of(v.Key)}: {v.Value}")))}}}\n"));
        }

        if (fields.Count > 0)
        {
            yaml.Append("  settings:\n").AppendJoin("", fields);
        }
    }
}
