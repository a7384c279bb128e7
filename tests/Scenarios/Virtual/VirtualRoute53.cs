using System.Net;
using System.Text;
using System.Xml.Linq;
using Amazon.Runtime;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Modestano.Operator.Configuration;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Route53.Model;
using Modestano.Operator.Dns.Route53.Transport;
using Modestano.Testbed.Route53;
using Modestano.Testbed.Route53.Api;
using Modestano.Testbed.Route53.Zones;

namespace Modestano.Scenarios.Virtual;

/// <summary>The embedded Route 53 without its sockets: the same XML goes in and out, in the loop's time.</summary>
internal sealed class VirtualRoute53
{
    private readonly Route53Api _api;
    private readonly List<DateTimeOffset> _requests = [];

    public VirtualRoute53(TimeProvider time, TimeSpan propagation)
    {
        Time = time;
        var options = new Route53Options { Time = time, PropagationDelay = propagation, RequestsPerSecond = null };
        Zones = new ZoneStore(options, new Route53Faults(), HealthChecks);
        _api = new Route53Api(Zones, HealthChecks, time.GetUtcNow);
    }

    public TimeProvider Time { get; }

    public ZoneStore Zones { get; }

    public HealthChecks HealthChecks { get; } = new();

    /// <summary>When each request came.</summary>
    public IReadOnlyList<DateTimeOffset> Requests => _requests;

    /// <summary>How many requests came in the fullest window of that length.</summary>
    public int MostRequestsIn(TimeSpan window) => _requests.Select((from, first) => _requests.Skip(first).TakeWhile(at => at - from < window).Count()).DefaultIfEmpty().Max();

    /// <summary>A batch was applied; every set of its zone as it is now, in words.</summary>
    public event Action<string>? Applied;

    /// <summary>Changes an answer's text on its way; null: it arrives as it is.</summary>
    public Func<string, string>? Tampered { get; set; }

    /// <summary>Reads an answer as the client's pipeline does.</summary>
    public T Read<T>(XElement answer, Func<XElement, T> read)
    {
        if (Tampered is null)
        {
            return read(answer);
        }

        try
        {
            return read(BoundedXml.Load(new MemoryStream(Encoding.UTF8.GetBytes(Tampered(answer.ToString())))));
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new AmazonUnmarshallingException("request", answer.Name.LocalName, e.Message, e);
        }
    }

    /// <summary>Answers a request as the service would.</summary>
    /// <exception cref="AmazonRoute53Exception">It refuses.</exception>
    public XElement Handle(AmazonRoute53Request request)
    {
        _requests.Add(Time.GetUtcNow());
        var sent = new Route53Marshaller().Marshall(request);
        var operation = Route53Api.OperationOf(sent.HttpMethod, sent.ResourcePath) ?? throw new ArgumentException($"no operation at {sent.ResourcePath}", nameof(request));
        var query = new QueryCollection(sent.Parameters.ToDictionary(p => p.Key, p => new StringValues(p.Value)));
        try
        {
            var answer = _api.Handle(operation.Name, operation.Id, query, sent.Content is { } body ? Encoding.UTF8.GetString(body) : "").Body;
            if (request is ChangeResourceRecordSetsRequest)
            {
                Applied?.Invoke(string.Join(' ', Zones.Sets(operation.Id).Values.Where(s => s.Values is not null).Select(s => $"{s.Key}={s.Weight}:{string.Join(',', s.Values!)}")));
            }

            return answer;
        }
        catch (Route53RefusalException e)
        {
            throw e.Code switch
            {
                "InvalidChangeBatch" => new InvalidChangeBatchException(e.Message, e, ErrorType.Sender, e.Code, null, (HttpStatusCode)e.Status),
                "PriorRequestNotComplete" => new PriorRequestNotCompleteException(e.Message, e, ErrorType.Sender, e.Code, null, (HttpStatusCode)e.Status),
                "NoSuchHostedZone" => new NoSuchHostedZoneException(e.Message, e, ErrorType.Sender, e.Code, null, (HttpStatusCode)e.Status),
                "NoSuchChange" => new NoSuchChangeException(e.Message, e, ErrorType.Sender, e.Code, null, (HttpStatusCode)e.Status),
                _ => new AmazonRoute53Exception(e.Message, e, ErrorType.Sender, e.Code, null, (HttpStatusCode)e.Status),
            };
        }
    }
}

/// <summary>An operator process's client of Route 53: one account, whatever the grant.</summary>
internal sealed class MortalRoute53(VirtualRoute53 server, OperatorLife life, RequestBudget budget, CallFaults faults) : IAmazonRoute53, IRoute53Accounts
{
    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(10);

    public Route53Account Get(ProviderGrant grant, string forNamespace) => new(this, "account");

    public Task<ChangeResourceRecordSetsResponse> ChangeResourceRecordSetsAsync(ChangeResourceRecordSetsRequest request, CancellationToken cancellationToken = default) =>
        life.EffectAsync("ChangeResourceRecordSets", () => SendAsync(request, Route53Reader.ChangeResourceRecordSets));

    public Task<ListResourceRecordSetsResponse> ListResourceRecordSetsAsync(ListResourceRecordSetsRequest request, CancellationToken cancellationToken = default) =>
        life.ReadAsync(() => SendAsync(request, Route53Reader.ListResourceRecordSets));

    public Task<GetChangeResponse> GetChangeAsync(GetChangeRequest request, CancellationToken cancellationToken = default) =>
        life.ReadAsync(() => SendAsync(request, Route53Reader.GetChange));

    public Task<GetHostedZoneResponse> GetHostedZoneAsync(GetHostedZoneRequest request, CancellationToken cancellationToken = default) =>
        life.ReadAsync(() => SendAsync(request, Route53Reader.GetHostedZone));

    public Task<ListHostedZonesByNameResponse> ListHostedZonesByNameAsync(ListHostedZonesByNameRequest request, CancellationToken cancellationToken = default) =>
        life.ReadAsync(() => SendAsync(request, Route53Reader.ListHostedZonesByName));

    public Task<GetHealthCheckStatusResponse> GetHealthCheckStatusAsync(GetHealthCheckStatusRequest request, CancellationToken cancellationToken = default) =>
        life.ReadAsync(() => SendAsync(request, Route53Reader.GetHealthCheckStatus));

    public void Dispose()
    {
    }

    private async Task<T> SendAsync<T>(AmazonRoute53Request request, Func<XElement, T> read)
    {
        await budget.BeforeAttemptAsync(request.GetType().Name, CancellationToken.None);
        await Task.Delay(OneWay, server.Time);
        var operation = request.GetType().Name;
        faults.Arrive(operation);
        var answer = server.Handle(request);
        await Task.Delay(OneWay, server.Time);
        faults.Return(operation);
        return server.Read(answer, read);
    }
}
