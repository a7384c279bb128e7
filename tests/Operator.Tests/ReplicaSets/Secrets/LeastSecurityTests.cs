using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Secrets;

namespace Modestano.Operator.Tests.ReplicaSets.Secrets;

/// <summary>A spec cannot go below what the installation asks of every connection.</summary>
[Category("Hostile")]
public sealed class LeastSecurityTests
{
    [TestCase("any", false, null)]
    [TestCase("tls", true, null)]
    [TestCase("tls", true, "SCRAM-SHA-1")]
    [TestCase("strong", true, "SCRAM-SHA-256")]
    [TestCase("strong", true, "MONGODB-X509")]
    public void What_has_enough_is_used(string least, bool useTls, string? mechanism) =>
        Assert.DoesNotThrow(() => LeastSecurity.Checked(new ReplicaSetConnection { UseTls = useTls, Mechanism = mechanism }, least));

    [TestCase("tls", false, "SCRAM-SHA-256", "spec.connection.tls.mode must be Required")]
    [TestCase("strong", false, "SCRAM-SHA-256", "spec.connection.tls.mode must be Required")]
    [TestCase("strong", true, "SCRAM-SHA-1", "SCRAM-SHA-256 or MONGODB-X509")]
    [TestCase("strong", true, null, "SCRAM-SHA-256 or MONGODB-X509")]
    public void What_has_less_is_refused_by_the_field_that_has_to_change(string least, bool useTls, string? mechanism, string message)
    {
        var refused = Assert.Throws<ConnectionRefusedException>(() => LeastSecurity.Checked(new ReplicaSetConnection { UseTls = useTls, Mechanism = mechanism }, least))!;
        Assert.That(refused.Reason, Is.EqualTo(ConnectionReasons.BelowLeastSecurity));
        Assert.That(refused.Message, Does.Contain(message).And.Contain($"--mongo-least-security={least}"));
    }
}
