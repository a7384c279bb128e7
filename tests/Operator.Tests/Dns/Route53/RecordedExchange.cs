namespace Modestano.Operator.Tests.Dns.Route53;

/// <summary>One recorded exchange: what an official tool sent, and what it was answered.</summary>
public sealed record RecordedExchange(string Name, string Method, string Target, string RequestBody, int Status, string ContentType, string ResponseBody)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Dns", "Route53", "Exchanges");

    /// <summary>The names of all recordings.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.http").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal);

    public static RecordedExchange Read(string name)
    {
        var halves = File.ReadAllText(Path.Combine(Folder, name + ".http")).Split("### RESPONSE\n");
        var (requestHead, requestBody) = Cut(halves[0].Replace("### REQUEST\n", "", StringComparison.Ordinal));
        var (responseHead, responseBody) = Cut(halves[1]);
        var line = requestHead[0].Split(' ');
        var contentType = responseHead.First(h => h.StartsWith("Content-Type: ", StringComparison.Ordinal))["Content-Type: ".Length..];
        return new RecordedExchange(name, line[0], line[1], requestBody, int.Parse(responseHead[0].Split(' ')[1], provider: null), contentType, responseBody);
    }

    private static (string[] Head, string Body) Cut(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        return (text[..end].Split('\n'), text[(end + 2)..].Trim());
    }
}
