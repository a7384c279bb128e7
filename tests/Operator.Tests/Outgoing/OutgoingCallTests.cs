using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Modestano.Operator.Outgoing;
using Prometheus;

namespace Modestano.Operator.Tests.Outgoing;

/// <summary>What is repeated, how often, how soon, and what is never repeated.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OutgoingCallTests
{
    private static readonly HttpRequestException Refused = new(HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused));

    private readonly CountingTime _time = new();
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    [TestCase("prometheus", "", 3, TestName = "A_query_without_an_answer_is_repeated_twice")]
    [TestCase("prometheus", "503", 3, TestName = "A_query_that_is_answered_with_later_is_repeated_twice")]
    [TestCase("prometheus", "422", 1, TestName = "A_query_that_is_wrong_is_not_repeated")]
    [TestCase("probes", "", 2, TestName = "A_probe_without_an_answer_is_repeated_once")]
    [TestCase("probes", "503", 1, TestName = "A_probe_that_is_answered_with_503_has_its_result")]
    [TestCase("secrets", "429", 3, TestName = "A_read_of_a_Secret_that_is_throttled_is_repeated_twice")]
    [TestCase("secrets", "403", 1, TestName = "A_read_of_a_Secret_that_is_forbidden_is_not_repeated")]
    [TestCase("status-writes", "409", 1, TestName = "A_status_that_somebody_else_wrote_first_is_not_written_over")]
    [TestCase("status-writes", "500", 3, TestName = "A_status_that_the_server_could_not_write_is_written_again")]
    public async Task A_call_is_repeated_as_its_kind_allows(string name, string code, int attempts)
    {
        var server = new Server(_ => code.Length == 0 ? throw Refused : new HttpResponseMessage((HttpStatusCode)int.Parse(code)));
        await SendAsync(OutgoingCall.All.Single(c => c.Name == name), server, "http://there/", HttpMethod.Get);
        Assert.That(server.Attempts, Has.Count.EqualTo(attempts));
        Assert.That(await TextAsync(), Does.Contain($"modestano_outgoing_retries_total{{call=\"{name}\",code=\"{(code.Length == 0 ? "no_answer" : code)}\"}} {attempts - 1}").Or.Not.Contain($"code=\"{code}\""));
    }

    [Test]
    public async Task A_later_attempt_that_is_answered_is_the_result_and_no_failure()
    {
        var server = new Server(n => n == 1 ? throw Refused : new HttpResponseMessage(HttpStatusCode.OK));
        Assert.That((await SendAsync(OutgoingCall.Prometheus, server, "http://there/", HttpMethod.Get))!.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await TextAsync(), Does.Contain("modestano_outgoing_retries_total{call=\"prometheus\",code=\"no_answer\"} 1").And.Contain("modestano_outgoing_failures_total{call=\"prometheus\"} 0"));
    }

    [Test]
    public async Task A_call_that_nothing_helped_counts_as_one_failure()
    {
        Assert.That(await SendAsync(OutgoingCall.Secrets, new Server(_ => throw Refused), "http://there/", HttpMethod.Get), Is.Null);
        Assert.That(await TextAsync(), Does.Contain("modestano_outgoing_failures_total{call=\"secrets\"} 1"));
    }

    [Test]
    public async Task Waits_differ_from_call_to_call_and_have_a_bound()
    {
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 50; i++)
        {
            var server = new Server(_ => throw Refused, _time);
            await SendAsync(OutgoingCall.Prometheus, server, "http://there/", HttpMethod.Get);
            waits.AddRange(server.Attempts.Zip(server.Attempts.Skip(1), (a, b) => b - a));
        }

        Assert.That(waits, Has.Count.EqualTo(100).And.All.LessThanOrEqualTo(OutgoingCall.LongestWait + TimeSpan.FromMilliseconds(10)));
        Assert.That(waits.Distinct().Count(), Is.GreaterThan(10));
    }

    [Test]
    public async Task Retry_After_is_kept_up_to_the_bound()
    {
        var server = new Server(_ => new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new(TimeSpan.FromHours(1)) } }, _time);
        await SendAsync(OutgoingCall.Secrets, server, "http://there/", HttpMethod.Get);
        Assert.That(server.Attempts[1] - server.Attempts[0], Is.EqualTo(OutgoingCall.LongestWait).Within(TimeSpan.FromMilliseconds(10)));
    }

    [Test]
    public async Task What_is_sent_again_is_the_same()
    {
        var bodies = new List<string>();
        var server = new Server(n => new HttpResponseMessage(n == 1 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK), read: bodies.Add);
        await SendAsync(OutgoingCall.StatusWrites, server, "http://there/", HttpMethod.Put, "{\"status\":{}}");
        Assert.That(bodies, Is.EqualTo(new[] { "{\"status\":{}}", "{\"status\":{}}" }));
    }

    [TestCase("GET", "/api/v1/namespaces/shop/secrets/mongo", "secrets")]
    [TestCase("PUT", "/apis/mongo.modestano.io/v1alpha1/namespaces/shop/mongoreplicasets/m/status", "status-writes")]
    [TestCase("PUT", "/apis/mongo.modestano.io/v1alpha1/namespaces/shop/mongoreplicasets/m", null)]
    [TestCase("GET", "/apis/mongo.modestano.io/v1alpha1/namespaces/shop/mongoreplicasets/m/status", null)]
    [TestCase("PUT", "/apis/coordination.k8s.io/v1/namespaces/system/leases/modestano-operator", null)]
    [TestCase("POST", "/api/v1/namespaces/shop/events", null)]
    [TestCase("PATCH", "/apis/mongo.modestano.io/v1alpha1/namespaces/shop/regionmigrations/m", null)]
    public void Of_the_requests_to_the_API_server_only_Secrets_and_status_are_repeated(string method, string path, string? call) =>
        Assert.That(KubernetesCalls.KindOf(new HttpRequestMessage(new HttpMethod(method), new Uri("https://api:6443" + path)))?.Name, Is.EqualTo(call));

    private async Task<HttpResponseMessage?> SendAsync(OutgoingCall call, Server server, string url, HttpMethod method, string? body = null)
    {
        using var handler = TestPipelines.Of(_registry, _time).Handler(call);
        handler.InnerHandler = server;
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(method, url) { Content = body is null ? null : new StringContent(body) };
        var sending = client.SendAsync(request);
        var began = Environment.TickCount64;
        while (!sending.IsCompleted && Environment.TickCount64 - began < 30_000)
        {
            var (fired, attempts) = (_time.Fired, server.Attempts.Count);
            _time.Advance(TimeSpan.FromMilliseconds(10));

            // Who was woken goes on before more time passes, however busy the machine is.
            for (var waited = 0; _time.Fired != fired && server.Attempts.Count == attempts && !sending.IsCompleted && waited < 5000; waited++)
            {
                await Task.Delay(1);
            }
        }

        try
        {
            return await sending.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task<string> TextAsync()
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private sealed class Server(Func<int, HttpResponseMessage> answer, TimeProvider? time = null, Action<string>? read = null) : HttpMessageHandler
    {
        public List<DateTimeOffset> Attempts { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Attempts.Add((time ?? TimeProvider.System).GetUtcNow());
            if (request.Content is { } content)
            {
                read?.Invoke(await content.ReadAsStringAsync(cancellationToken));
            }

            return answer(Attempts.Count);
        }
    }

    /// <summary>Virtual time that counts the timers that went off.</summary>
    private sealed class CountingTime : FakeTimeProvider
    {
        private int _fired;

        public int Fired => Volatile.Read(ref _fired);

        public override System.Threading.ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(
            s =>
            {
                Interlocked.Increment(ref _fired);
                callback(s);
            },
            state, dueTime, period);
    }
}
