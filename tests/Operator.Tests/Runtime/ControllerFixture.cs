using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Hosting;
using Modestano.Operator.Runtime.Informers;
using Modestano.Operator.Runtime.Queues;
using Prometheus;

namespace Modestano.Operator.Tests.Runtime;

/// <summary>One kind's runner over a cache that the test fills, with a controller whose every pass the test answers.</summary>
internal sealed class ControllerFixture : IAsyncDisposable
{
    private readonly CancellationTokenSource _taking = new();
    private readonly CancellationTokenSource _passes = new();
    private Task _running = Task.CompletedTask;

    public ControllerFixture(RuntimeOptions? options = null, params IEntityFinalizer<Widget>[] finalizers)
    {
        Options = options ?? new RuntimeOptions { Seed = 1, Workers = 2 };
        var pass = new Pass<Widget>(
            Cache, Controller, new Finalizers<Widget>(finalizers, Patch = new RecordedPatch(Cache)), new RecordedReport(Events, Time),
            new FailedPasses<Widget>(Client = new StoredWidgets(Cache), Cache, Events, [new FailedWidgetStatus()], TestMetrics.In(Registry), Time, NullLogger<FailedPasses<Widget>>.Instance),
            Sight = new Sight(TestMetrics.In(Registry), Time), Options, Time);
        Runner = new ControllerRunner<Widget>(Cache, Queue, pass, Sight, Options, TestMetrics.In(Registry), Time, NullLogger<ControllerRunner<Widget>>.Instance);
        Runner.Connect();
    }

    public RuntimeOptions Options { get; }

    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    public ArmedTime Time { get; } = new();

    public EntityCache<Widget> Cache { get; } = new();

    public EntityQueue<Widget> Queue { get; } = new();

    public ScriptedController Controller { get; } = new();

    public RecordedEvents Events { get; } = new();

    public RecordedPatch Patch { get; }

    public StoredWidgets Client { get; }

    public Sight Sight { get; }

    public ControllerRunner<Widget> Runner { get; }

    public void Start() => _running = Runner.RunAsync(_taking.Token, _passes.Token);

    public void Put(string name, string version = "1", int size = 1) => Cache.Set(ReadObject<Widget>.From(Widget.Json(name, version, size))!);

    /// <summary>Lets the time pass that the runner waits for before the next pass. Deadlines, and the one of telling of failures, are no such wait.</summary>
    public async Task NextPassAsync()
    {
        TimeSpan wait;
        do
        {
            wait = await Time.NextWait(Options.PassTimeout);
        }
        while (wait == FailedPasses<Widget>.TellingTakes);
        Time.Advance(wait);
    }

    /// <summary>The process was asked to stop.</summary>
    public Task StopTaking() => _taking.CancelAsync();

    /// <summary>The term is lost.</summary>
    public async Task Lose()
    {
        await _taking.CancelAsync();
        await _passes.CancelAsync();
    }

    public Task Ended => _running;

    public async ValueTask DisposeAsync()
    {
        await Lose();
        Controller.AnswerAll();
        await _running;
        _taking.Dispose();
        _passes.Dispose();
    }
}

/// <summary>The API server for status: what is in the cache, with the status that was written last.</summary>
internal sealed class StoredWidgets(EntityCache<Widget> cache) : IEntityClient<Widget>
{
    private readonly Dictionary<ObjectKey, WidgetStatus?> _statuses = [];
    private readonly TaskCompletionSource<int> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What each request gets; null: an answer.</summary>
    public Exception? Refusal { get; set; }

    public int Writes { get; private set; }

    /// <summary>The first write.</summary>
    public Task<int> Written => _written.Task;

    public WidgetStatus? Status(string name)
    {
        lock (_statuses)
        {
            return _statuses.GetValueOrDefault(Widget.Key(name));
        }
    }

    public Task<Widget?> GetAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (Refusal is { } refusal)
        {
            throw refusal;
        }

        lock (_statuses)
        {
            var found = cache.Find(key) is { } cached ? EntityJson.Copy(cached) : null;
            found?.Status = _statuses.GetValueOrDefault(key);
            return Task.FromResult(found);
        }
    }

    public Task<Widget> UpdateStatusAsync(Widget before, Widget after, CancellationToken cancellationToken)
    {
        lock (_statuses)
        {
            if (!System.Text.Json.Nodes.JsonNode.DeepEquals(EntityJson.StatusOf(before), EntityJson.StatusOf(after)))
            {
                Writes++;
                _statuses[ObjectKey.Of(after)] = after.Status;
                _written.TrySetResult(Writes);
            }

            return Task.FromResult(after);
        }
    }
}

internal sealed class FailedWidgetStatus : IFailedPassStatus<Widget>
{
    public Widget Of(Widget entity, PassFailure failure, DateTimeOffset now) => new()
    {
        Metadata = entity.Metadata,
        Spec = entity.Spec,
        Status = new WidgetStatus { Size = entity.Status?.Size, Conditions = FailedPassConditions.Of(entity.Status?.Conditions, [], null, failure, now) },
    };

    public void ForgetFigures(ObjectKey key)
    {
    }
}

/// <summary>A pass that waits for its answer.</summary>
internal sealed class PassCall(ObjectKey key, Widget? entity, CancellationToken token)
{
    private readonly TaskCompletionSource<ReconciliationResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ObjectKey Key => key;

    /// <summary>Null: the controller is told that the object is gone.</summary>
    public Widget? Entity => entity;

    public CancellationToken Token => token;

    public Task<ReconciliationResult> Answered => _answer.Task;

    public void Answer(ReconciliationResult result) => _answer.TrySetResult(result);

    public void Throw(Exception error) => _answer.TrySetException(error);
}

internal sealed class ScriptedController : IEntityController<Widget>
{
    private readonly Channel<PassCall> _calls = Channel.CreateUnbounded<PassCall>();
    private readonly List<PassCall> _all = [];

    public Task<PassCall> Next() => Patience.Of(_calls.Reader.ReadAsync());

    public bool HasCall => _calls.Reader.Count > 0;

    public Task<ReconciliationResult> ReconcileAsync(Widget entity, CancellationToken cancellationToken) =>
        Call(new PassCall(ObjectKey.Of(entity), entity, cancellationToken));

    public Task<ReconciliationResult> DeletedAsync(ObjectKey key, CancellationToken cancellationToken) => Call(new PassCall(key, null, cancellationToken));

    public void AnswerAll()
    {
        lock (_all)
        {
            _all.ForEach(c => c.Answer(ReconciliationResult.Success));
        }
    }

    private Task<ReconciliationResult> Call(PassCall call)
    {
        lock (_all)
        {
            _all.Add(call);
        }

        _calls.Writer.TryWrite(call);
        return call.Answered.WaitAsync(call.Token);
    }
}

/// <summary>Stores finalizers in the cache as an API server would, and may refuse.</summary>
internal sealed class RecordedPatch(EntityCache<Widget> cache) : FinalizerPatch<Widget>(null!, cache)
{
    private readonly EntityCache<Widget> _cache = cache;

    private readonly TaskCompletionSource<bool> _writtenOnce = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<string> Written { get; } = [];

    public Task<bool> WrittenOnce => _writtenOnce.Task;

    public bool Conflict { get; set; }

    public override Task<Widget> SetAsync(Widget entity, IReadOnlyList<string> finalizers, CancellationToken cancellationToken)
    {
        if (Conflict)
        {
            throw new StatusConflictException("changed since");
        }

        Written.Add($"{entity.Metadata.Name}: {string.Join(' ', finalizers)}");
        _writtenOnce.TrySetResult(true);
        var stored = EntityJson.Copy(entity);
        stored.Metadata.Finalizers = [.. finalizers];
        stored.Metadata.ResourceVersion = entity.Metadata.ResourceVersion + "'";
        return _cache.WriteAsync(ObjectKey.Of(entity), entity.Metadata.ResourceVersion, () => Task.FromResult(stored));
    }
}

/// <summary>Writes no conditions.</summary>
internal sealed class RecordedReport(IEventRecorder events, TimeProvider time) : UnreadableReport<Widget>(null!, events, time, NullLogger<UnreadableReport<Widget>>.Instance)
{
    protected override Task WriteConditionsAsync(ReadObject<Widget> broken, string message, CancellationToken cancellationToken) => Task.CompletedTask;
}
