using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Secrets;

namespace Modestano.Operator.Tests.ReplicaSets.Secrets;

/// <summary>A spec cannot go below what the installation asks of every connection.</summary>
[Category("Hostile")]
public sealed class SecurityFloorTests
{
    [TestCase(LeastSecurity.Any, false, null)]
    [TestCase(LeastSecurity.Tls, true, null)]
    [TestCase(LeastSecurity.Tls, true, "SCRAM-SHA-1")]
    [TestCase(LeastSecurity.Strong, true, "SCRAM-SHA-256")]
    [TestCase(LeastSecurity.Strong, true, "MONGODB-X509")]
    public void What_has_enough_is_used(LeastSecurity least, bool useTls, string? mechanism) =>
        Assert.DoesNotThrow(() => SecurityFloor.Checked(new ReplicaSetConnection { UseTls = useTls, Mechanism = mechanism }, least));

    [TestCase(LeastSecurity.Tls, false, "SCRAM-SHA-256", "spec.connection.tls.mode must be Required")]
    [TestCase(LeastSecurity.Strong, false, "SCRAM-SHA-256", "spec.connection.tls.mode must be Required")]
    [TestCase(LeastSecurity.Strong, true, "SCRAM-SHA-1", "SCRAM-SHA-256 or MONGODB-X509")]
    [TestCase(LeastSecurity.Strong, true, null, "SCRAM-SHA-256 or MONGODB-X509")]
    public void What_has_less_is_refused_by_the_field_that_has_to_change(LeastSecurity least, bool useTls, string? mechanism, string message)
    {
        var refused = Assert.Throws<ConnectionRefusedException>(() => SecurityFloor.Checked(new ReplicaSetConnection { UseTls = useTls, Mechanism = mechanism }, least))!;
        Assert.That(refused.Reason, Is.EqualTo(ConnectionReasons.BelowLeastSecurity));
        Assert.That(refused.Message, Does.Contain(message).And.Contain($"--mongo-least-security={least.ToString().ToLowerInvariant()}"));
    }
}
