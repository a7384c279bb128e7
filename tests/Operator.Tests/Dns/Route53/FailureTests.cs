using Amazon.Runtime;
using Modestano.Operator.Dns.Route53;

namespace Modestano.Operator.Tests.Dns.Route53;

public sealed class FailureTests
{
    private static readonly string Insync =
        """<?xml version="1.0"?><GetChangeResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeInfo><Id>/change/C1</Id><Status>INSYNC</Status><SubmittedAt>2026-11-23T12:00:00.000Z</SubmittedAt></ChangeInfo></GetChangeResponse>""";

    [TestCase(400, "InvalidChangeBatch", Route53FailureKind.InvalidBatch)]
    [TestCase(400, "InvalidInput", Route53FailureKind.Refused)]
    [TestCase(403, "AccessDenied", Route53FailureKind.AccessDenied)]
    [TestCase(403, "ExpiredToken", Route53FailureKind.AccessDenied)]
    [TestCase(404, "NoSuchHostedZone", Route53FailureKind.NoSuchZone)]
    [TestCase(404, "NoSuchChange", Route53FailureKind.NoSuchChange)]
    [TestCase(404, "NoSuchHealthCheck", Route53FailureKind.NoSuchHealthCheck)]
    public async Task A_refusal_is_not_tried_again_and_names_its_cause(int status, string code, Route53FailureKind kind)
    {
        using var service = new ScriptedService().Error(status, code, "because");
        using var client = service.Client();

        var e = await Assert.CatchAsync(() => client.GetChangeAsync(new() { Id = "C1" }));

        Assert.That(Route53Failure.Of(e!), Is.EqualTo(new Route53Failure(kind, $"{code}: because")));
        Assert.That(service.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Throttling_a_busy_zone_and_a_lost_connection_are_tried_again()
    {
        using var service = new ScriptedService()
            .Error(400, "Throttling", "Rate exceeded").Error(400, "PriorRequestNotComplete", "busy").Answer(200, Insync)
            .Break().Answer(503, "<html>Service Unavailable</html>", "text/html").Answer(200, Insync);
        using var client = service.Client();

        await client.GetChangeAsync(new() { Id = "C1" });
        await client.GetChangeAsync(new() { Id = "C1" });

        Assert.That(service.Requests, Has.Count.EqualTo(6));
    }

    [Test]
    public async Task A_batch_without_an_answer_is_not_sent_again_because_it_may_have_been_applied()
    {
        using var service = new ScriptedService().Break().Answer(503, "").Error(400, "Throttling", "Rate exceeded").Error(400, "InvalidChangeBatch", "no");
        using var client = service.Client();
        Task Send() => client.ChangeResourceRecordSetsAsync(new() { HostedZoneId = "Z1", ChangeBatch = new() { Changes = [] } });

        var lost = await Assert.CatchAsync(Send);
        var unavailable = await Assert.CatchAsync(Send);
        var refused = await Assert.CatchAsync(Send);

        Assert.That(new[] { lost, unavailable }.Select(e => Route53Failure.Of(e!)!.MayHaveBeenApplied), Has.All.True);
        Assert.That(refused, Is.InstanceOf<InvalidChangeBatchException>(), "throttling applied nothing, so it was tried again");
        Assert.That(service.Requests, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task The_older_envelope_of_an_invalid_batch_is_read()
    {
        using var service = new ScriptedService().Answer(400,
            """<?xml version="1.0"?><InvalidChangeBatch xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Messages><Message>first</Message><Message>second</Message></Messages><RequestId>r-1</RequestId></InvalidChangeBatch>""");
        using var client = service.Client();

        var e = await Assert.ThrowsAsync<InvalidChangeBatchException>(() => client.GetChangeAsync(new() { Id = "C1" }));

        Assert.That((e!.Message, e.RequestId), Is.EqualTo(("[first, second]", "r-1")));
    }

    [Test]
    public async Task A_wrong_clock_is_corrected_from_the_service_date_and_the_request_signed_anew()
    {
        var theirs = DateTimeOffset.UtcNow.AddMinutes(30);
        using var service = new ScriptedService()
            .Error(403, "SignatureDoesNotMatch", "Signature expired: 20261123T120000Z is now earlier than 20261123T122500Z (20261123T123000Z - 5 min.)", theirs)
            .Answer(200, Insync, date: theirs);
        using var client = service.Client();

        await client.GetChangeAsync(new() { Id = "C1" });

        Assert.That(service.Requests[1].Headers["X-Amz-Date"], Is.GreaterThan(service.Requests[0].Headers["X-Amz-Date"]));
    }

    [Test]
    public async Task A_session_sends_its_token()
    {
        using var service = new ScriptedService().Answer(200, Insync);
        using var client = service.Client(new SessionAWSCredentials("AKIDEXAMPLE", "secret", "the-token"));

        await client.GetChangeAsync(new() { Id = "C1" });

        Assert.That(service.Requests[0].Headers["X-Amz-Security-Token"], Is.EqualTo("the-token"));
    }

    [Test]
    public async Task Each_attempt_is_announced_and_counted_with_its_code()
    {
        var traffic = new Log();
        using var service = new ScriptedService().Error(400, "Throttling", "Rate exceeded").Break().Answer(200, Insync);
        using var client = service.Client(traffic: traffic);

        await client.GetChangeAsync(new() { Id = "C1" });

        Assert.That(traffic.Lines, Is.EqualTo(new[] { "GetChange?", "GetChange Throttling", "GetChange?", "GetChange Unreachable", "GetChange?", "GetChange OK" }));
    }

    private sealed class Log : IRoute53Traffic
    {
        public List<string> Lines { get; } = [];

        public ValueTask BeforeAttemptAsync(string operation, CancellationToken cancellationToken)
        {
            Lines.Add(operation + "?");
            return ValueTask.CompletedTask;
        }

        public void AfterAttempt(string operation, string code) => Lines.Add($"{operation} {code}");
    }
}
