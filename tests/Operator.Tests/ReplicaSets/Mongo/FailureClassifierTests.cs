using System.Net.Sockets;
using System.Security.Authentication;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Planning;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

public class FailureClassifierTests
{
    private static readonly TimeoutException Selection = new("A timeout occurred after 2500ms selecting a server");

    private static IEnumerable<TestCaseData> Transports()
    {
        yield return Case("A_refused_port_is_unreachable", new SocketException((int)SocketError.ConnectionRefused), false, MongoFailureKind.Unreachable, "connection refused");
        yield return Case("An_unknown_name_is_unreachable", new SocketException((int)SocketError.HostNotFound), false, MongoFailureKind.Unreachable, "name cannot be resolved");
        yield return Case("An_untrusted_certificate_is_a_TLS_failure", new AuthenticationException("UntrustedRoot"), true, MongoFailureKind.TlsFailed, "UntrustedRoot");
        yield return Case("A_member_behind_the_proxy_is_unreachable", new IOException("SOCKS5 connect failed. Connection refused"), false, MongoFailureKind.Unreachable, "proxy says: Connection refused");
        yield return Case("A_proxy_that_refuses_the_login_is_a_proxy_failure", new IOException("SOCKS5 authentication failed."), false, MongoFailureKind.ProxyFailed, "authentication failed");
        yield return Case("Plain_text_to_a_TLS_member_ends_at_once", new EndOfStreamException(), false, MongoFailureKind.Unreachable, "may speak TLS only");
        yield return Case("A_missing_client_certificate_ends_at_once", new EndOfStreamException(), true, MongoFailureKind.TlsFailed, "client certificate");
        yield return Case("TLS_to_a_plain_member_is_a_TLS_failure", new IOException("Received an unexpected EOF or 0 bytes from the transport stream."), true, MongoFailureKind.TlsFailed, "does not speak TLS");
    }

    [TestCaseSource(nameof(Transports))]
    public void The_monitor_knows_why_a_selection_timed_out(Exception cause, bool usesTls, MongoFailureKind kind, string words)
    {
        var failure = FailureClassifier.Classify(Selection, new IOException("An exception occurred while opening a connection", cause), usesTls, loggedIn: false);

        Assert.That(failure.Kind, Is.EqualTo(kind));
        Assert.That(failure.Message, Does.Contain(words));
    }

    [Test]
    public void A_deadline_without_a_cause_is_a_time_out() =>
        Assert.That(FailureClassifier.Classify(new OperationCanceledException(), null, usesTls: false, loggedIn: false).Kind, Is.EqualTo(MongoFailureKind.TimedOut));

    [TestCase(13, MongoFailureKind.NotAuthorized)]
    [TestCase(18, MongoFailureKind.AuthenticationFailed)]
    [TestCase(10107, MongoFailureKind.NotPrimary)]
    [TestCase(109, MongoFailureKind.CommandFailed)]
    public void A_code_of_the_server_tells_its_kind(int code, MongoFailureKind kind) =>
        Assert.That(FailureClassifier.FromCommand(code, "Name", "text").Kind, Is.EqualTo(kind));

    [TestCase(50, StepOutcome.Succeeded)]
    [TestCase(308, StepOutcome.Refused)]
    [TestCase(103, StepOutcome.Refused)]
    [TestCase(109, StepOutcome.Refused)]
    [TestCase(74, StepOutcome.Refused)]
    [TestCase(10107, StepOutcome.Refused)]
    [TestCase(11602, StepOutcome.Unknown)]
    public void What_an_error_of_a_reconfig_says_about_it(int code, StepOutcome outcome) =>
        Assert.That(StepOutcomes.OfReconfig(FailureClassifier.FromCommand(code, "Name", "text")), Is.EqualTo(outcome));

    [Test]
    public void A_lost_answer_tells_nothing() =>
        Assert.That(StepOutcomes.OfReconfig(new MongoFailure(MongoFailureKind.Unreachable, 0, "", "lost")), Is.EqualTo(StepOutcome.Unknown));

    [TestCase("not authorized on admin to execute command { replSetReconfig: { _id: \"rs0\", members: [ { host: \"a\" } ] }, lsid: { id: UUID(\"x\") } }", "not authorized on admin to execute command {…}")]
    [TestCase("Current config with {version: 3, term: 1} has not yet propagated", "Current config with {version: 3, term: 1} has not yet propagated")]
    [TestCase("cut off { pwd: \"secret", "cut off {…}")]
    public void Commands_that_the_server_echoes_are_taken_out(string message, string expected) =>
        Assert.That(Redaction.Apply(message), Is.EqualTo(expected));

    private static TestCaseData Case(string name, Exception cause, bool usesTls, MongoFailureKind kind, string words) =>
        new TestCaseData(cause, usesTls, kind, words).SetName(name);
}
