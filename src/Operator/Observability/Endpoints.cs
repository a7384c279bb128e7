using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Modestano.Operator.Configuration;
using Modestano.Operator.Observability.Scraping;
using Modestano.Operator.Runtime.Hosting;
using Modestano.Operator.Runtime.Informers;
using Prometheus;

namespace Modestano.Operator.Observability;

/// <summary>/metrics on its own port; /healthz (restart me?) and /readyz (could I lead?) on another.</summary>
internal static class Endpoints
{
    private const string MetricsPath = "/metrics";
    private const string NotReady = "not every kind has been listed yet: is the API server reachable, are the CRDs installed?";

    public static void Listen(KestrelServerOptions kestrel, OperatorOptions options)
    {
        kestrel.AddServerHeader = false;
        Listen(kestrel, options.BindAddress, options.HealthPort, _ => { });
        Listen(kestrel, options.BindAddress, options.MetricsPort, listen =>
        {
            if (options.MetricsSecure)
            {
                var certificate = kestrel.ApplicationServices.GetRequiredService<ServingCertificate>();
                // Whoever configured a certificate that cannot be used learns it from a start that fails, not from failing handshakes.
                certificate.Current();
                listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Current());
            }
        });
    }

    public static void Map(IApplicationBuilder app, OperatorOptions options)
    {
        app.MapWhen(http => http.Connection.LocalPort == options.MetricsPort, metrics =>
        {
            if (options.MetricsSecure)
            {
                metrics.Use(LetInAsync);
            }

            metrics.UseMetricServer(url: MetricsPath);
        });
        app.MapWhen(http => http.Connection.LocalPort == options.HealthPort, health => health.Run(AnswerHealthAsync));
    }

    private static void Listen(KestrelServerOptions kestrel, string address, int port, Action<ListenOptions> configure)
    {
        if (port == 0)
        {
            return;
        }

        if (address == "*")
        {
            kestrel.ListenAnyIP(port, configure);
        }
        else
        {
            kestrel.Listen(IPAddress.Parse(address.Trim('[', ']')), port, configure);
        }
    }

    private static async Task LetInAsync(HttpContext http, RequestDelegate next)
    {
        var review = http.RequestServices.GetRequiredService<ScrapeReview>();
        var verdict = await review.DecideAsync(http.Request.Headers.Authorization.ToString(), http.Request.Path, http.RequestAborted);
        if (verdict == ScrapeVerdict.Allowed)
        {
            await next(http);
            return;
        }

        var (code, text) = verdict switch
        {
            ScrapeVerdict.Unauthenticated => (StatusCodes.Status401Unauthorized, "a bearer token that the API server knows is needed"),
            ScrapeVerdict.Forbidden => (StatusCodes.Status403Forbidden, "this caller may not get /metrics; the role metrics-reader allows it"),
            _ => (StatusCodes.Status503ServiceUnavailable, "the API server could not be asked who this is; try again"),
        };
        await AnswerAsync(http, code, text);
    }

    private static Task AnswerHealthAsync(HttpContext http)
    {
        var state = http.RequestServices.GetRequiredService<RuntimeState>();
        return http.Request.Path.Value switch
        {
            "/healthz" => AnswerAsync(http, state.Broken is null, state.Broken ?? "ok"),
            "/readyz" => AnswerReadyAsync(http, state),
            _ => NotFoundAsync(http),
        };
    }

    private static Task AnswerReadyAsync(HttpContext http, RuntimeState state)
    {
        var lost = http.RequestServices.GetRequiredService<Sight>().Lost;
        return AnswerAsync(
            http, state.IsReady && state.Broken is null && lost is null,
            !state.IsReady ? NotReady : lost is null ? "ok" : $"cannot list {lost}: edits and holds are not seen; the log and the objects tell why");
    }

    private static Task AnswerAsync(HttpContext http, bool well, string text) =>
        AnswerAsync(http, well ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, text);

    private static Task AnswerAsync(HttpContext http, int code, string text)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text + "\n");
    }

    private static Task NotFoundAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
