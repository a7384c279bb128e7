using System.Net;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Modestano.Testbed.Route53.Api;
using Modestano.Testbed.Route53.Resolver;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Testbed.Route53;

/// <summary>
/// Amazon Route 53 on loopback: the REST/XML API for any official client (give it <see cref="Endpoint"/>), and the DNS servers that
/// answer with what is in sync (<see cref="Dns"/>).
/// </summary>
public sealed class EmbeddedRoute53 : IAsyncDisposable
{
    private readonly Route53Options _options;
    private readonly WebApplication _web;
    private readonly DnsFront _dns;
    private readonly Route53Api _api;
    private readonly Throttle _throttle;

    private EmbeddedRoute53(Route53Options options)
    {
        _options = options;
        Zones = new ZoneStore(options, Faults, HealthChecks);
        _api = new Route53Api(Zones, HealthChecks, options.Time.GetUtcNow);
        _throttle = new Throttle(options.RequestsPerSecond, options.Time);
        _dns = new DnsFront(new ZoneResolver(Zones, HealthChecks, options.Seed), options.DnsPort);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1));
        _web = builder.Build();
        _web.Run(ServeAsync);
    }

    /// <summary>Where the API is: <c>--endpoint-url</c>, <c>AWS_ENDPOINT_URL_ROUTE_53</c>.</summary>
    public Uri Endpoint => new(_web.Urls.Single());

    /// <summary>Where DNS is, UDP and TCP.</summary>
    public IPEndPoint Dns => _dns.EndPoint;

    /// <summary>Zones, their sets, and every batch applied.</summary>
    public ZoneStore Zones { get; }

    /// <summary>Health checks and their state.</summary>
    public HealthChecks HealthChecks { get; } = new();

    /// <summary>What goes wrong on purpose.</summary>
    public Route53Faults Faults { get; } = new();

    /// <summary>Every request.</summary>
    public RequestLog Requests { get; } = new();

    /// <summary>Starts both servers.</summary>
    public static async Task<EmbeddedRoute53> StartAsync(Route53Options? options = null, CancellationToken cancellationToken = default)
    {
        var server = new EmbeddedRoute53(options ?? new Route53Options());
        try
        {
            server._dns.Start();
            await server._web.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _dns.Dispose();
        await _web.StopAsync(new CancellationToken(canceled: true));
        await _web.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var operation = Route53Api.OperationOf(context.Request.Method, context.Request.Path);
        var name = operation?.Name ?? "Unknown";
        var fault = Faults.Next(name);
        if (fault is { Refusal: null, LosesAnswer: false })
        {
            Lose(context, name);
            return;
        }

        var requestId = Guid.NewGuid().ToString();
        ApiAnswer answer;
        var code = "OK";
        try
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            var account = Signature.Check(context.Request, _options.Time.GetUtcNow(), _options.Time == TimeProvider.System ? _options.MaxClockSkew : null);
            if (fault?.Refusal is { } refusal)
            {
                throw refusal;
            }

            if (operation is not { } known)
            {
                throw new Route53RefusalException(404, "UnknownOperationException", "Could not find operation for the requested path.");
            }

            account = Permissions.Check(_options.Iam, context.Request, account, known.Name, known.Id, body);
            _throttle.Take(account);
            answer = _api.Handle(known.Name, known.Id, context.Request.Query, body);
        }
        catch (Route53RefusalException refusal)
        {
            code = refusal.Code;
            answer = new ApiAnswer(refusal.Status, Xml.Error(refusal, requestId));
        }

        if (fault is { LosesAnswer: true })
        {
            Lose(context, name);
            return;
        }

        Requests.Add(new ServedRequest(_options.Time.GetUtcNow(), name, code));
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "text/xml";
        context.Response.Headers["x-amzn-RequestId"] = requestId;
        context.Response.Headers.Date = _options.Time.GetUtcNow().ToString("R");
        if (answer.Location is not null)
        {
            context.Response.Headers.Location = answer.Location;
        }

        await context.Response.WriteAsync("<?xml version=\"1.0\"?>\n" + answer.Body.ToString(SaveOptions.DisableFormatting), context.RequestAborted);
    }

    private void Lose(HttpContext context, string operation)
    {
        Requests.Add(new ServedRequest(_options.Time.GetUtcNow(), operation, "Lost"));
        context.Abort();
    }
}
