using Polly;

namespace Modestano.Operator.Outgoing;

/// <summary>The named pipelines, one a kind of call, on the operator's clock.</summary>
internal sealed class OutgoingPipelines(OutgoingMetrics metrics, TimeProvider time)
{
    private readonly Dictionary<OutgoingCall, ResiliencePipeline<HttpResponseMessage>> _pipelines =
        OutgoingCall.All.ToDictionary(call => call, call => new ResiliencePipelineBuilder<HttpResponseMessage> { Name = call.Name, TimeProvider = time }
            .AddRetry(call.Retry(metrics))
            .Build());

    /// <summary>A handler for an HttpClient all of whose requests are of one kind.</summary>
    public OutgoingHandler Handler(OutgoingCall call) => new(this, metrics, _ => call);

    /// <summary>A handler for requests to the API server, of which most are left alone: see <see cref="KubernetesCalls"/>.</summary>
    public OutgoingHandler ForKubernetes() => new(this, metrics, KubernetesCalls.KindOf);

    /// <summary>A call's pipeline; none: sent once.</summary>
    public ResiliencePipeline<HttpResponseMessage> Of(OutgoingCall? call) => call is null ? ResiliencePipeline<HttpResponseMessage>.Empty : _pipelines[call];
}
