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
            Cache, Controller, new Finalizers<Widget>(finalizers, Patch = new RecordedPatch(Cache)), new RecordedReport(Events, Time), Options, Time);
        Runner = new ControllerRunner<Widget>(Cache, Queue, pass, Options, TestMetrics.In(Registry), Time, NullLogger<ControllerRunner<Widget>>.Instance);
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

    public ControllerRunner<Widget> Runner { get; }

    public void Start() => _running = Runner.RunAsync(_taking.Token, _passes.Token);

    public void Put(string name, string version = "1", int size = 1) => Cache.Set(ReadObject<Widget>.From(Widget.Json(name, version, size))!);

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

    public Task<PassCall> Next() => _calls.Reader.ReadAsync().AsTask();

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

    public List<string> Written { get; } = [];

    public bool Conflict { get; set; }

    public override Task<Widget> SetAsync(Widget entity, IReadOnlyList<string> finalizers, CancellationToken cancellationToken)
    {
        if (Conflict)
        {
            throw new StatusConflictException("changed since");
        }

        Written.Add($"{entity.Metadata.Name}: {string.Join(' ', finalizers)}");
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
