using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Modestano.Operator.Configuration;
using Modestano.Operator.Runtime.Hosting;
using Prometheus;

namespace Modestano.Operator.Observability;

/// <summary>/metrics on its own port; /healthz (restart me?) and /readyz (could I lead?) on another.</summary>
internal static class Endpoints
{
    private const string NotReady = "not every kind has been listed yet: is the API server reachable, are the CRDs installed?";

    public static void Listen(KestrelServerOptions kestrel, OperatorOptions options)
    {
        kestrel.AddServerHeader = false;
        foreach (var port in new[] { options.MetricsPort, options.HealthPort }.Where(p => p != 0))
        {
            if (options.BindAddress == "*")
            {
                kestrel.ListenAnyIP(port);
            }
            else
            {
                kestrel.Listen(IPAddress.Parse(options.BindAddress.Trim('[', ']')), port);
            }
        }
    }

    public static void Map(IApplicationBuilder app, OperatorOptions options)
    {
        app.MapWhen(http => http.Connection.LocalPort == options.MetricsPort, metrics => metrics.UseMetricServer(url: "/metrics"));
        app.MapWhen(http => http.Connection.LocalPort == options.HealthPort, health => health.Run(AnswerHealthAsync));
    }

    private static Task AnswerHealthAsync(HttpContext http)
    {
        var state = http.RequestServices.GetRequiredService<RuntimeState>();
        return http.Request.Path.Value switch
        {
            "/healthz" => AnswerAsync(http, state.Broken is null, state.Broken ?? "ok"),
            "/readyz" => AnswerAsync(http, state.IsReady && state.Broken is null, state.IsReady ? "ok" : NotReady),
            _ => NotFoundAsync(http),
        };
    }

    private static Task AnswerAsync(HttpContext http, bool well, string text)
    {
        http.Response.StatusCode = well ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text + "\n");
    }

    private static Task NotFoundAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
