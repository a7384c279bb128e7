using Modestano.Crds.V1Alpha1;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>The URL of a probe. Only the path is the spec's free choice: one that is read as a host or a port is refused.</summary>
internal static class ProbeUrl
{
    /// <summary>The port that a gate probes.</summary>
    public static int Port(ProbeGate gate) => gate.Port ?? ((gate.Scheme ?? "https") == "https" ? 443 : 80);

    /// <summary>The URL; null: the path is no path.</summary>
    public static Uri? Of(ProbeGate gate, string name)
    {
        var scheme = gate.Scheme ?? "https";
        var port = Port(gate);
        var host = name.Replace("*", "probe", StringComparison.Ordinal).TrimEnd('.');
        return Uri.TryCreate($"{scheme}://{host}:{port}/", UriKind.Absolute, out var root)
            && Uri.TryCreate(root, gate.Path, out var url)
            && url.Host == root.Host && url.Port == root.Port && url.Scheme == root.Scheme && url.UserInfo.Length == 0
            ? url
            : null;
    }
}
