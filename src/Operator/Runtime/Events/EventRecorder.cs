using System.Net;
using System.Threading.Channels;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Modestano.Operator.Runtime.Events;

/// <summary>Takes Events without ever waiting and writes them one after the other in the background.</summary>
internal sealed class EventRecorder(EventSink sink, RuntimeMetrics metrics, TimeProvider time, ILogger<EventRecorder> logger)
    : BackgroundService, IEventRecorder
{
    private const int LongestNote = 1024;
    private const int MostAttempts = 8;
    private static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FlushDeadline = TimeSpan.FromSeconds(1);

    private readonly EventSeries _series = new(time);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(10), seed: 0);
    private readonly Channel<PendingEvent> _pending = Channel.CreateBounded<PendingEvent>(new BoundedChannelOptions(1000) { SingleReader = true });

    public void Normal(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => Record("Normal", about, reason, message);

    public void Warning(IKubernetesObject<V1ObjectMeta> about, string reason, string message) => Record("Warning", about, reason, message);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // The last words of a process are worth a moment.
        _pending.Writer.TryComplete();
        if (ExecuteTask is { } running)
        {
            await Task.WhenAny(running, Task.Delay(FlushDeadline, time, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var pending in _pending.Reader.ReadAllAsync(stoppingToken))
            {
                await WriteAsync(pending, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is lost with the process.
        }
    }

    private void Record(string type, IKubernetesObject<V1ObjectMeta> about, string reason, string message)
    {
        var subject = new EventSubject(about.ApiVersion, about.Kind, about.Metadata.NamespaceProperty ?? "", about.Metadata.Name, about.Metadata.Uid ?? "");
        if (!_pending.Writer.TryWrite(new PendingEvent(subject, type, reason, OneLine.Of(message, LongestNote), time.GetUtcNow().UtcDateTime)))
        {
            metrics.DroppedEvents("full").Inc();
        }
    }

    private async Task WriteAsync(PendingEvent pending, CancellationToken stoppingToken)
    {
        if (_series.Decide(pending) is not { } write)
        {
            metrics.DroppedEvents("budget").Inc();
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var deadline = new CancellationTokenSource(CallDeadline, time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, deadline.Token);
                await sink.WriteAsync(write, both.Token);
                return;
            }
            catch (HttpOperationException e) when (write.Count > 1 && e.Response.StatusCode == HttpStatusCode.NotFound)
            {
                // The series outlived its Event on the server: begin a new one.
                _series.Forget(write.Name);
                await WriteAsync(pending, stoppingToken);
                return;
            }
            catch (HttpOperationException e) when (write.Count == 1 && attempt > 1 && e.Response.StatusCode == HttpStatusCode.Conflict)
            {
                // An attempt whose answer was lost had been carried out.
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested && attempt < MostAttempts && MayPass(e))
            {
                await Task.Delay(_backoff.After(attempt), time, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                _series.Forget(write.Name);
                metrics.DroppedEvents("refused").Inc();
                logger.LogWarning(
                    "The Event {Reason} about {Kind} {Namespace}/{Name} was not written: {Error}",
                    pending.Reason, pending.About.Kind, pending.About.Namespace, pending.About.Name, ApiRefusedException.Describe(e));
                return;
            }
        }
    }

    /// <summary>The server was away or overloaded: the same request may well succeed later.</summary>
    private static bool MayPass(Exception e) => e is HttpOperationException http
        ? http.Response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
        : e is HttpRequestException or IOException or OperationCanceledException;
}
