using System.Net;
using Amazon.Runtime;
using k8s.Autorest;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Runtime;
using Modestano.Scenarios.Virtual;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>What fails under a migration: members, their network, Route 53 and its health checks, the API server, Prometheus. All of it ends again.</summary>
internal sealed class Faults
{
    private static readonly Mischief[] Kinds =
    [
        Mischief.FailingGates, Mischief.BrokenAnswers, Mischief.HealthChecks, Mischief.Members, Mischief.Members, Mischief.Route53, Mischief.ApiServer, Mischief.Restarts,
    ];

    private static readonly VirtualPrometheus.Mood[] BrokenMoods =
        [VirtualPrometheus.Mood.Broken, VirtualPrometheus.Mood.Broken, VirtualPrometheus.Mood.Broken, VirtualPrometheus.Mood.Refused, VirtualPrometheus.Mood.Slow, VirtualPrometheus.Mood.Hanging];

    private readonly Stage _stage;
    private readonly VirtualPrometheus _prometheus;
    private readonly Random _random;
    private readonly Mischief _allowed;
    private readonly Action<TimeSpan> _restart;
    private readonly Dictionary<int, Action> _open = [];
    private readonly HashSet<string> _unhealthy = [];
    private TimeSpan _healthSince = TimeSpan.FromDays(-1);
    private Failing? _api;
    private Failing? _route53;
    private bool _isOver;
    private int _next;

    /// <summary>The <paramref name="restart"/> kills the operator and starts it again after a while.</summary>
    public Faults(Stage stage, VirtualPrometheus prometheus, Random random, Mischief allowed, Action<TimeSpan> restart)
    {
        (_stage, _prometheus, _random, _allowed, _restart) = (stage, prometheus, random, allowed, restart);
        stage.Cluster.CallFaults.OnTheWay = call => Fault(call, hadItsEffect: false);
        stage.Cluster.CallFaults.OnTheWayBack = call => Fault(call, hadItsEffect: true);
    }

    /// <summary>Exceptions that this class threw: whoever hands them on has not failed by himself.</summary>
    public HashSet<Exception> Thrown { get; } = [];

    /// <summary>Breaks something every few seconds until it is stopped.</summary>
    public void Start() => Later(2, 40, () =>
    {
        if (!_isOver)
        {
            Once();
            Start();
        }
    });

    /// <summary>Ends everything that is broken.</summary>
    public void Stop()
    {
        _isOver = true;
        foreach (var end in _open.OrderBy(o => o.Key).Select(o => o.Value).ToList())
        {
            end();
        }

        _open.Clear();
        _stage.IsUndisturbed = true;
        _stage.Cluster.Network.Faults.Heal();
        _stage.CalmSince = _stage.Now;
    }

    /// <summary>Whether a health check failed within the last while.</summary>
    public bool UnhealthyWithin(TimeSpan lately) => _unhealthy.Count > 0 || _stage.Now - _healthSince <= lately;

    private Exception? Fault(string call, bool hadItsEffect)
    {
        var failing = call is CallFaults.Get or CallFaults.StatusWrite ? _api : _route53;
        if (failing is null || failing.HadItsEffect != hadItsEffect || _random.Next(3) == 0)
        {
            return null;
        }

        var fault = failing.Make(call);
        Thrown.Add(fault);
        return fault;
    }

    private void Once()
    {
        var kind = Kinds[_random.Next(Kinds.Length)];
        if (!_allowed.HasFlag(kind))
        {
            return;
        }

        switch (kind)
        {
            case Mischief.FailingGates or Mischief.BrokenAnswers:
                var (query, variant) = ($"query-{_random.Next(1, 3)}", _random.Next(100));
                var mood = kind == Mischief.FailingGates ? VirtualPrometheus.Mood.Failing : BrokenMoods[_random.Next(BrokenMoods.Length)];
                Break($"{query} is {mood} {variant}", 5, 120, () => _prometheus.Set(query, mood, variant), () => _prometheus.Set(query, VirtualPrometheus.Mood.Passing));
                break;
            case Mischief.HealthChecks when _stage.Scene.HealthChecks.Count > 0:
                var index = _random.Next(_stage.Scene.HealthChecks.Count);
                var id = _stage.Scene.HealthChecks[index];
                Break($"health check {index} fails", 5, 90, () => Health(id, false), () => Health(id, true));
                break;
            case Mischief.Members:
                Member();
                break;
            case Mischief.Route53:
                var refusing = Route53Fails();
                Break($"Route 53 answers {refusing.What}", 5, 60, () => _route53 = refusing, () => _route53 = null);
                break;
            case Mischief.ApiServer:
                var silent = ApiFails();
                Break($"the API server answers {silent.What}", 5, 60, () => _api = silent, () => _api = null);
                break;
            case Mischief.Restarts:
                _restart(TimeSpan.FromSeconds(_random.Next(1, 20)));
                break;
            default:
                break;
        }
    }

    private void Member()
    {
        var network = _stage.Cluster.Network;
        var member = network.Members.ElementAt(_random.Next(network.Members.Count));
        switch (_random.Next(6))
        {
            case 0 or 1:
                Break($"crash {member.Host}", 5, 60, member.Crash, member.Restart);
                break;
            case 2:
                Break($"pause {member.Host}", 3, 40, member.Pause, member.Resume);
                break;
            case 3:
                Break($"{member.Host} applies nothing", 10, 60, () => member.SetSpeed(member.Options.Disk with { ApplyStopped = true, InitialSyncHeld = true }), () => member.SetSpeed(member.Options.Disk));
                break;
            case 4 when _stage.Primary is { } primary:
                Break($"crash the primary {primary.Host}", 5, 60, primary.Crash, primary.Restart);
                break;
            default:
                Break($"cut {member.Options.Region} off", 5, 60, () => Cut(network.Faults.Cut), () => Cut(network.Faults.Mend));
                break;
        }

        void Cut(Action<string, string> change)
        {
            foreach (var (here, there) in network.Members.Where(m => m.Options.Region == member.Options.Region).SelectMany(_ => network.Members.Where(m => m.Options.Region != member.Options.Region), (here, there) => (here.Host, there.Host)))
            {
                change(here, there);
                change(there, here);
            }
        }
    }

    private void Health(string id, bool healthy)
    {
        _stage.Cluster.Route53.HealthChecks.Set(id, healthy);
        _healthSince = _stage.Now;
        if (healthy)
        {
            _unhealthy.Remove(id);
        }
        else
        {
            _unhealthy.Add(id);
        }
    }

    private Failing Route53Fails() => _random.Next(5) switch
    {
        0 => new Failing("Throttling", false, _ => new ThrottlingException("Rate exceeded", null, ErrorType.Sender, "Throttling", null, HttpStatusCode.BadRequest)),
        1 => new Failing("AccessDenied", false, _ => new AmazonRoute53Exception("not authorized to perform: route53:*", null, ErrorType.Sender, "AccessDenied", null, HttpStatusCode.Forbidden)),
        2 => new Failing("ServiceUnavailable", _random.Next(2) == 0, call => Unknown(call) ?? (Exception)new AmazonRoute53Exception("unavailable", null, ErrorType.Receiver, "ServiceUnavailable", null, HttpStatusCode.ServiceUnavailable)),
        _ => new Failing("nothing", _random.Next(2) == 0, call => Unknown(call) ?? (Exception)new HttpRequestException(HttpRequestError.ConnectionError, "Connection reset by peer")),
    };

    /// <summary>As the client tells it: a batch without an answer may have been applied.</summary>
    private static ChangeOutcomeUnknownException? Unknown(string call) => call == "ChangeResourceRecordSetsRequest" ? new ChangeOutcomeUnknownException("Connection reset by peer") : null;

    private Failing ApiFails()
    {
        var status = new[] { HttpStatusCode.InternalServerError, HttpStatusCode.ServiceUnavailable, HttpStatusCode.Forbidden, HttpStatusCode.TooManyRequests }[_random.Next(4)];
        return _random.Next(3) == 0
            ? new Failing("nothing", _random.Next(2) == 0, _ => new HttpRequestException(HttpRequestError.ConnectionError, "Connection reset by peer"))
            : new Failing($"{status}", false, call => call == CallFaults.Get ? Refused(status) : new ApiRefusedException("writing a status", Refused(status)));
    }

    private static HttpOperationException Refused(HttpStatusCode status) => new($"Operation returned an invalid status code '{status}'")
    {
        Response = new HttpResponseMessageWrapper(new HttpResponseMessage(status), "{\"kind\":\"Status\",\"message\":\"the API server is in trouble\"}"),
    };

    private void Break(string what, int atLeast, int atMost, Action begin, Action end)
    {
        _stage.Log(what);
        begin();
        var number = _next++;
        _open[number] = end;
        _stage.IsUndisturbed = false;
        Later(atLeast, atMost, () =>
        {
            if (_open.Remove(number))
            {
                _stage.Log($"over: {what}");
                end();
                _stage.IsUndisturbed = _open.Count == 0;
                _stage.CalmSince = _stage.Now;
            }
        });
    }

    private void Later(int atLeast, int atMost, Action action) => _stage.Loop.Schedule(TimeSpan.FromSeconds(atLeast + (_random.NextDouble() * (atMost - atLeast))), action);

    /// <param name="What">The answer, for the trace.</param>
    /// <param name="HadItsEffect">The call took effect, and only its answer is lost.</param>
    /// <param name="Make">The exception as the client throws it.</param>
    private sealed record Failing(string What, bool HadItsEffect, Func<string, Exception> Make);
}
