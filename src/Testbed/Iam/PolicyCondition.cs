namespace Modestano.Testbed.Iam;

/// <summary>One condition of a statement: a test on one key.</summary>
internal sealed record PolicyCondition(string Qualifier, string Test, string Key, IReadOnlyList<string> Values)
{
    private static readonly string[] Qualifiers = ["", "ForAllValues", "ForAnyValue"];
    private static readonly string[] Tests = ["StringEquals", "StringLike", "Null"];

    /// <summary>Reads <c>ForAllValues:StringLike</c> and the like.</summary>
    /// <exception cref="NotSupportedException">The test is not known here.</exception>
    public static PolicyCondition Of(string test, string key, IReadOnlyList<string> values)
    {
        var (qualifier, name) = test.Split(':') is [var first, var second] ? (first, second) : ("", test);
        return Qualifiers.Contains(qualifier) && Tests.Contains(name) ? new(qualifier, name, key, values) : throw new NotSupportedException($"the condition {test} is not known here");
    }

    /// <summary>Whether it holds. A key with several values needs a qualifier; ForAllValues holds where there is none, which is why Null stands beside it.</summary>
    public bool Holds(IReadOnlyDictionary<string, IReadOnlyList<string>> context)
    {
        var given = context.GetValueOrDefault(Key) ?? [];
        return (Qualifier, Test) switch
        {
            (_, "Null") => (given.Count == 0) == (Values[0] == "true"),
            ("ForAllValues", _) => given.All(Matches),
            ("ForAnyValue", _) => given.Any(Matches),
            _ => given.Count == 1 && Matches(given[0]),
        };
    }

    private bool Matches(string text) => Values.Any(value => Test == "StringLike" ? PolicyDocument.Like(text, value) : text == value);
}
