using Modestano.Operator.ReplicaSets.Topology;

namespace Modestano.Operator.ReplicaSets.Status;

/// <summary>
/// Hosts without what all of a set have in common at their end, for a column of kubectl: <c>mongo-a.eu-west-2.example.internal:27017</c> beside its
/// likes is <c>mongo-a.eu-west-2</c>. Addresses stay whole.
/// </summary>
internal static class ShortHosts
{
    /// <summary>What a column holds; the whole sentence stands in the summary beside it.</summary>
    public const int Longest = 60;

    /// <summary>A sentence with the hosts in it shortened.</summary>
    public static string In(string sentence, IEnumerable<string> hosts)
    {
        // The longest first: one may be another's end.
        var all = hosts.Distinct(HostNames.Comparer).OrderByDescending(h => h.Length).ToList();
        var common = Common(all);
        foreach (var host in all.Where(h => common.Length > 0 && h.Length > common.Length))
        {
            sentence = sentence.Replace(host, host[..^common.Length], StringComparison.Ordinal);
        }

        return sentence.Length <= Longest ? sentence : sentence[..(Longest - 1)].TrimEnd(' ', ',', ';', '(') + "…";
    }

    // Whole labels only, so that `a1.x` and `b1.x` do not end as `a` and `b`; each host keeps its first label.
    private static string Common(List<string> hosts)
    {
        if (hosts.Count == 0)
        {
            return "";
        }

        var first = hosts[0];
        var cuts = Enumerable.Range(1, Math.Max(0, first.Length - 1)).Where(i => first[i] is '.' or ':' && first[0] != '[' && char.IsLetter(first[0]));
        return cuts.Select(i => first[i..]).FirstOrDefault(end => hosts.All(h => h.Length > end.Length && h.EndsWith(end, StringComparison.OrdinalIgnoreCase))) ?? "";
    }
}
