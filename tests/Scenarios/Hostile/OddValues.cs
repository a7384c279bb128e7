using System.Text.Json.Nodes;

namespace Modestano.Scenarios.Hostile;

/// <summary>Values that nobody means, and values that mean something in another place.</summary>
internal static class OddValues
{
    private static readonly string[] Texts =
    [
        "", " ", "a", "\0", "%00", "../..", "é\ud83d\ude00", "${jndi:ldap://x}", "{{ $value }}", "a\nb", "null", "true", "-1", "NaN", new string('x', 300), new string('x', 5000),
        "0s", "5m", "-5s", "1000000h", "99999999999h", "1ns", "30", "rs0", "eu-west-1", "eu-west-2", "eu-central-1", "marketplace", "shop", "production", "main", "nobody",
        "mongo-a.eu-west-1.modestano.test:27017", "mongo-a.eu-west-2.modestano.test:27017", "mongo-z.eu-west-2.modestano.test:27017", "MONGO-A.eu-west-1.modestano.test:27017",
        "127.0.0.1:27017", "169.254.169.254:80", "[::1]:27017", "[fe80::1%eth0]:27017", "user:secret@mongo:27017", "mongodb+srv://mongo", "mongo:99999", "shop.modestano.test", "*.modestano.test",
        "_modestano-owner.shop.modestano.test", "modestano.test.evil.test", "xn--.modestano.test", "192.0.2.77", "2001:db8::1", "256.1.1.1", "Z0MODESTANOTEST", "Z0", "Apply", "Observe", "Plan",
        "Automatic", "Manual", "Adopt", "Never", "RollBack", "Hold", "Proceed", "Remove", "Delete", "Retain", "Required", "Disabled", "MONGODB-X509", "up(", "sum(up)", "0.01", "1e308", "/healthz", "//evil.test/",
        "2026-02-30T00:00:00Z", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "True", "False", "Unknown",
    ];

    private static readonly long[] Numbers = [-1, 0, 1, 2, 3, 7, 50, 51, 60, 100, 101, 255, 256, 1000, 65535, 65536, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];

    private static readonly double[] Fractions = [0.5, -0.5, 1e-9, 1e300, 999.9999];

    /// <summary>A text.</summary>
    public static string Text(Random random) => Texts[random.Next(Texts.Length)];

    /// <summary>A whole number.</summary>
    public static long Number(Random random) => random.Next(3) == 0 ? random.Next(0, 300) : Numbers[random.Next(Numbers.Length)];

    /// <summary>Any value.</summary>
    public static JsonNode? Any(Random random) => random.Next(9) switch
    {
        0 => null,
        1 or 2 => JsonValue.Create(Number(random)),
        3 => JsonValue.Create(Fractions[random.Next(Fractions.Length)]),
        4 => JsonValue.Create(random.Next(2) == 0),
        5 => random.Next(3) switch { 0 => new JsonArray(), 1 => new JsonArray { Text(random) }, _ => new JsonArray([.. Enumerable.Range(0, random.Next(1, 120)).Select(_ => (JsonNode)Text(random))]) },
        6 => random.Next(2) == 0 ? [] : new JsonObject { ["name"] = Text(random) },
        _ => JsonValue.Create(Text(random)),
    };
}
