namespace Modestano.Testbed;

/// <summary>The names that <c>config/samples</c> uses; a test holds the two together.</summary>
public static class SampleNames
{
    /// <summary>The region that the set lives in at the start.</summary>
    public const string OldRegion = "eu-west-1";

    /// <summary>The region that it moves to.</summary>
    public const string NewRegion = "eu-west-2";

    /// <summary>The replica set's name.</summary>
    public const string ReplicaSet = "rs0";

    /// <summary>The hosted zone's name.</summary>
    public const string Zone = "modestano.test";

    /// <summary>The hosted zone's id.</summary>
    public const string ZoneId = "Z0MODESTANOTEST";

    /// <summary>The record.</summary>
    public const string Record = "shop.modestano.test";

    /// <summary>Region by address of the record's endpoints.</summary>
    public static readonly IReadOnlyDictionary<string, string> Addresses = new Dictionary<string, string> { ["192.0.2.10"] = OldRegion, ["198.51.100.10"] = NewRegion };

    /// <summary>The user of the operator, as the sample's Secret has it.</summary>
    public const string OperatorUser = "modestano-operator";

    /// <summary>Its password; the world is on loopback and ends with its process.</summary>
    public const string OperatorPassword = "for-the-demo-only";

    /// <summary>The application's user.</summary>
    public const string ApplicationUser = "shop";

    /// <summary>The application's password.</summary>
    public const string ApplicationPassword = "for-the-shop-only";

    /// <summary>The members of a region, as <c>mongo-a.eu-west-1.modestano.test:27017</c>.</summary>
    public static IReadOnlyList<string> Members(string region) => [.. "abc".Select(c => $"mongo-{c}.{region}.{Zone}:27017")];
}
