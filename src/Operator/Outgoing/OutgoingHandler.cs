using Microsoft.Extensions.Http.Resilience;

namespace Modestano.Operator.Outgoing;

/// <summary>Sends each request through the pipeline of its kind, and counts what no attempt got a usable answer to.</summary>
internal sealed class OutgoingHandler(OutgoingPipelines pipelines, OutgoingMetrics metrics, Func<HttpRequestMessage, OutgoingCall?> kind)
    : ResilienceHandler(request => pipelines.Of(kind(request)))
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = kind(request);
        try
        {
            // As every handler of an HttpClient: what it hands on is awaited without a context too.
            var answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (call is not null && call.IsLater(answer))
            {
                metrics.GaveUp(call.Name);
            }

            return answer;
        }
        catch (HttpRequestException) when (call is not null)
        {
            // An end that somebody asked for is no failure, so that only this one counts.
            metrics.GaveUp(call.Name);
            throw;
        }
    }
}
