using System.Globalization;

namespace Modestano.Operator.Runtime;

/// <summary>Counts the requests to the API server, as client-go does; a watch counts once, at its beginning.</summary>
internal sealed class ApiCalls(RuntimeMetrics metrics) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // client-go's word for a request that got no answer.
        var code = "<error>";
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            return response;
        }
        finally
        {
            metrics.ApiCalled(code, request.Method.Method, request.RequestUri?.Authority ?? "");
        }
    }
}
