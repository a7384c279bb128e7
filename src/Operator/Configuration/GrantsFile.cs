using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Modestano.Operator.Configuration;

/// <summary>Reads the grants file (YAML) and checks it, each mistake with the path of its field.</summary>
public static class GrantsFile
{
    /// <summary>Reads the text of a grants file.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="path">The file's path, for messages.</param>
    /// <exception cref="ConfigurationException">Not YAML, an unknown field, or a value that is not allowed.</exception>
    public static Grants Parse(string yaml, string path)
    {
        GrantsDocument document;
        try
        {
            var deserializer = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
            document = deserializer.Deserialize<GrantsDocument?>(yaml) ?? new GrantsDocument();
        }
        catch (YamlException e)
        {
            throw new ConfigurationException([$"{path}, line {e.Start.Line}: {e.InnerException?.Message ?? e.Message}"]);
        }

        var check = new GrantsCheck(path);
        var grants = new Grants(
            [.. (document.Providers ?? []).Select((p, i) => check.Provider(p, $"providers[{i}]"))],
            [.. (document.Prometheus ?? []).Select((p, i) => check.Prometheus(p, $"prometheus[{i}]"))],
            [.. (document.Hosts ?? []).Select((h, i) => check.Hosts(h, $"hosts[{i}]")), .. check.CredentialHosts(document.CredentialHostSuffixes ?? [])],
            new ProbePolicy(document.Probes?.AllowLoopback ?? false))
        {
            Adoptions = [.. (document.Adoptions ?? []).Select((a, i) => check.Adoption(a, $"adoptions[{i}]"))],
            Freezes = [.. (document.Freezes ?? []).Select((f, i) => check.Freeze(f, $"freezes[{i}]")).OfType<Freeze>()],
            PreviousInstanceIds = check.InstanceIds(document.PreviousInstanceIds),
            Warnings =
            [
                .. document.CredentialHostSuffixes is { Count: > 0 }
                    ? [$"{path}: credentialHostSuffixes grants its hosts to every namespace and at every port; write hosts instead, which `kubectl modestano grants` prints"]
                    : Array.Empty<string>(),
                .. (document.Prometheus ?? []).Where(p => p is { Queries: null or { Count: 0 }, EnforcedLabel: null } && p.AllSeries != true)
                    .Select(p => $"{path}: prometheus '{p.Name}' bounds nothing, and gates do not ask it: add queries, enforcedLabel, or allSeries: true for namespaces that may learn every series"),
            ],
        };
        check.Unique(grants.Providers.Select(p => p.Name), "providers");
        check.Unique(grants.Freezes.Select(f => f.Name), "freezes");
        check.Unique(grants.Prometheus.Select(p => p.Name), "prometheus");
        return check.Mistakes.Count == 0 ? grants : throw new ConfigurationException(check.Mistakes);
    }
}
