namespace Modestano.Operator.Dns.Ownership;

/// <summary>Who owns a record set: an installation of this operator, and the object in it.</summary>
/// <param name="Instance">The installation's identity: cluster UID, namespace and Lease, or a name of before.</param>
/// <param name="Namespace">The object's namespace.</param>
/// <param name="Name">The object's name.</param>
public sealed record RecordOwner(string Instance, string Namespace, string Name)
{
    /// <summary>As <c>modestano/shop-ns/shop</c>: what <c>adoption.previousOwner</c> names.</summary>
    public override string ToString() => $"{Instance}/{Namespace}/{Name}";
}
