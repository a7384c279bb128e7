namespace Modestano.Operator.ReplicaSets.Planning;

/// <summary>Several names in a message.</summary>
internal static class NameList
{
    /// <summary>Names in one line, for messages; at most five.</summary>
    public static string Of(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count switch
        {
            0 => "none",
            <= 5 => string.Join(", ", all),
            _ => $"{string.Join(", ", all.Take(5))} and {all.Count - 5} more",
        };
    }
}
