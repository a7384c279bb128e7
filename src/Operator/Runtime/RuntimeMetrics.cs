using Prometheus;

namespace Modestano.Operator.Runtime;

/// <summary>The runtime's metrics; those that controller-runtime has too bear its names, so that stock dashboards work.</summary>
internal sealed class RuntimeMetrics
{
    private static readonly double[] PassSeconds = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120];
    private static readonly double[] QueueSeconds = [.001, .01, .1, 1, 10, 60];

    private readonly Counter _reconciles;
    private readonly Counter _errors;
    private readonly Counter _terminalErrors;
    private readonly Histogram _seconds;
    private readonly Gauge _workers;
    private readonly Gauge _activeWorkers;
    private readonly Gauge _depth;
    private readonly Counter _adds;
    private readonly Counter _retries;
    private readonly Histogram _queueSeconds;
    private readonly Histogram _workSeconds;
    private readonly Gauge _leader;
    private readonly Gauge _unreadable;
    private readonly Gauge _failing;
    private readonly Gauge _notSeen;
    private readonly Counter _restarts;
    private readonly Counter _droppedEvents;
    private readonly Counter _apiCalls;

    public RuntimeMetrics(IMetricFactory factory)
    {
        _reconciles = factory.CreateCounter("controller_runtime_reconcile_total",
            "Passes by result: success, requeue_after, requeue (a conflict), error.", ["controller", "result"]);
        _errors = factory.CreateCounter("controller_runtime_reconcile_errors_total", "Failed passes.", ["controller"]);
        _terminalErrors = factory.CreateCounter("controller_runtime_terminal_reconcile_errors_total",
            "Passes that failed for good until the object changes.", ["controller"]);
        _seconds = factory.CreateHistogram("controller_runtime_reconcile_time_seconds",
            "Length of a pass.", ["controller"], new HistogramConfiguration { Buckets = PassSeconds });
        _workers = factory.CreateGauge("controller_runtime_max_concurrent_reconciles", "Workers.", ["controller"]);
        _activeWorkers = factory.CreateGauge("controller_runtime_active_workers", "Workers in a pass.", ["controller"]);
        _depth = factory.CreateGauge("workqueue_depth", "Keys that wait for a worker.", ["name"]);
        _adds = factory.CreateCounter("workqueue_adds_total", "Keys added.", ["name"]);
        _retries = factory.CreateCounter("workqueue_retries_total", "Keys added again after a failure.", ["name"]);
        _queueSeconds = factory.CreateHistogram("workqueue_queue_duration_seconds",
            "How long a key waited for a worker.", ["name"], new HistogramConfiguration { Buckets = QueueSeconds });
        _workSeconds = factory.CreateHistogram("workqueue_work_duration_seconds",
            "How long a key was worked on.", ["name"], new HistogramConfiguration { Buckets = QueueSeconds });
        _leader = factory.CreateGauge("leader_election_master_status", "1 where this process leads.", ["name"]);
        _unreadable = factory.CreateGauge("modestano_unreadable_objects", "Objects that could not be deserialised and are left alone.", ["kind"]);
        _failing = factory.CreateGauge("modestano_passes_failing", "1 for an object whose passes fail: its status is stale, and its other series are gone.", ["kind", "namespace", "name"]);
        _notSeen = factory.CreateGauge("modestano_kind_not_seen", "In how many namespaces (1 for a whole cluster) a kind cannot be listed: edits, new objects and deletions there are not seen.", ["kind"]);
        _restarts = factory.CreateCounter("modestano_informer_restarts_total",
            "Ends of a watch by reason: ended (by the server, normal), expired (410), dead (cut by its deadline), error.", ["kind", "reason"]);
        _droppedEvents = factory.CreateCounter("modestano_events_dropped_total",
            "Kubernetes Events that were not written, by reason: full, budget, refused.", ["reason"]);
        _apiCalls = factory.CreateCounter("rest_client_requests_total",
            "Requests to the API server by status code, method and host.", ["code", "method", "host"]);
        // A counter that appears with its first failure hides that failure from rate(): it is there from the start.
        foreach (var reason in (string[])["full", "budget", "refused"])
        {
            _droppedEvents.WithLabels(reason);
        }
    }

    public QueueMetrics Queue(string name) => new(
        _depth.WithLabels(name), _adds.WithLabels(name), _retries.WithLabels(name), _queueSeconds.WithLabels(name), _workSeconds.WithLabels(name));

    public ControllerMetrics Controller(string name) => new(_reconciles, _errors, _terminalErrors, _seconds, _workers, _activeWorkers, name);

    public Gauge.Child Leader(string lease) => _leader.WithLabels(lease);

    /// <summary>A kind's series, from the start: see the constructor.</summary>
    public void Announce(EntityKind kind)
    {
        UnreadableObjects(kind).Set(0);
        KindsNotSeen(kind).Set(0);
        foreach (var reason in (string[])["ended", "expired", "dead", "error"])
        {
            InformerRestarts(kind, reason);
        }
    }

    public Gauge.Child UnreadableObjects(EntityKind kind) => _unreadable.WithLabels(kind.Plural);

    public Gauge.Child KindsNotSeen(EntityKind kind) => _notSeen.WithLabels(kind.Plural);

    /// <summary>Whether the passes over an object fail; the series of one that is well is gone.</summary>
    public void PassesFail(EntityKind kind, ObjectKey key, bool fail)
    {
        string[] labels = [kind.Plural, key.Namespace, key.Name];
        if (fail)
        {
            _failing.WithLabels(labels).Set(1);
        }
        else
        {
            _failing.RemoveLabelled(labels);
        }
    }

    public Counter.Child InformerRestarts(EntityKind kind, string reason) => _restarts.WithLabels(kind.Plural, reason);

    public void ApiCalled(string code, string method, string host) => _apiCalls.WithLabels(code, method, host).Inc();

    public Counter.Child DroppedEvents(string reason) => _droppedEvents.WithLabels(reason);
}

/// <summary>Metrics of one work queue.</summary>
internal sealed class QueueMetrics(Gauge.Child depth, Counter.Child adds, Counter.Child retries, Histogram.Child queueSeconds, Histogram.Child workSeconds)
{
    public Gauge.Child Depth => depth;

    public Counter.Child Adds => adds;

    public Counter.Child Retries => retries;

    public void Waited(TimeSpan time, int left)
    {
        queueSeconds.Observe(time.TotalSeconds);
        depth.Set(left);
    }

    public void Worked(TimeSpan time) => workSeconds.Observe(time.TotalSeconds);

    public void Emptied() => depth.Set(0);
}

/// <summary>Metrics of one controller.</summary>
internal sealed class ControllerMetrics(
    Counter reconciles, Counter errors, Counter terminalErrors, Histogram seconds, Gauge workers, Gauge activeWorkers, string controller)
{
    private readonly Histogram.Child _seconds = seconds.WithLabels(controller);
    private readonly Counter.Child _errors = errors.WithLabels(controller);
    private readonly Counter.Child _terminalErrors = terminalErrors.WithLabels(controller);

    public Gauge.Child Workers { get; } = workers.WithLabels(controller);

    public Gauge.Child ActiveWorkers { get; } = activeWorkers.WithLabels(controller);

    public void Ended(string result, TimeSpan length)
    {
        reconciles.WithLabels(controller, result).Inc();
        _seconds.Observe(length.TotalSeconds);
    }

    public void Failed(bool terminal)
    {
        _errors.Inc();
        if (terminal)
        {
            _terminalErrors.Inc();
        }
    }
}
