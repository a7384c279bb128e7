using Amazon.Runtime;

namespace Modestano.Operator.Dns.Route53.Model;

/// <summary>What a change does with a record set.</summary>
public sealed class ChangeAction(string value) : ConstantClass(value)
{
    /// <summary>Makes a set; refused where one with this name, type and identifier exists.</summary>
    public static readonly ChangeAction CREATE = new("CREATE");

    /// <summary>Removes a set; refused unless every value given is the current one.</summary>
    public static readonly ChangeAction DELETE = new("DELETE");

    /// <summary>Makes or replaces a set.</summary>
    public static readonly ChangeAction UPSERT = new("UPSERT");
}

/// <summary>How far a change has got.</summary>
public sealed class ChangeStatus(string value) : ConstantClass(value)
{
    /// <summary>Not every authoritative server answers with it yet.</summary>
    public static readonly ChangeStatus PENDING = new("PENDING");

    /// <summary>Every authoritative server answers with it.</summary>
    public static readonly ChangeStatus INSYNC = new("INSYNC");
}

/// <summary>A record type. Others than these exist and are carried by their name.</summary>
public sealed class RRType(string value) : ConstantClass(value)
{
    public static readonly RRType A = new("A");
    public static readonly RRType AAAA = new("AAAA");
    public static readonly RRType CNAME = new("CNAME");
    public static readonly RRType NS = new("NS");
    public static readonly RRType SOA = new("SOA");
    public static readonly RRType SRV = new("SRV");
    public static readonly RRType TXT = new("TXT");
}
