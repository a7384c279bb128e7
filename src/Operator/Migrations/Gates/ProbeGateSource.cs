using System.Net;
using System.Net.Sockets;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Planning;
using Modestano.Operator.Outgoing;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>
/// HTTP probes of a record's endpoints in the region that traffic goes to. Each value is resolved once and that address is called, with the
/// record's name as Host; redirects are not followed and bodies are not read. 2xx passes; another answer, or none, fails.
/// </summary>
internal sealed class ProbeGateSource(Grants grants, OutgoingPipelines pipelines, TimeProvider time, NameResolution? names = null) : IGateSource
{
    // Connections of one gate at the same moment.
    private const int AtOnce = 16;

    private readonly NameResolution _names = names ?? NameResolution.OfTheMachine;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<GateStatus>> EvaluateAsync(MigrationContext context, string region, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var asked = (context.Spec.Gates.Probes ?? []).Select(async gate => Persistence.Apply(
            await GateRound.AskAsync(token => AskAsync(gate, context, region, token), gate.Name, context.Now, time, cancellationToken), context.LastResult(gate.Name), context.Now));
        return await Task.WhenAll(asked);
    }

    private async Task<GateStatus> AskAsync(ProbeGate gate, MigrationContext context, string region, CancellationToken cancellationToken)
    {
        GateStatus Result(string result, string message) => new() { Name = gate.Name, Result = result, Message = message, Time = context.Now.UtcDateTime };
        if (!context.Records.TryGetValue(gate.EndpointRef, out var record))
        {
            return Result(GateVerdict.Unknown, $"endpointRef {gate.EndpointRef} is none of spec.dnsRecordRefs");
        }

        var granted = GrantOf(record);
        if (granted.Grant is not { } grant)
        {
            return Result(GateVerdict.Unknown, $"WeightedDnsRecord {gate.EndpointRef} is not probed: {granted.Refusal}");
        }

        var port = ProbeUrl.Port(gate);
        if (!grant.Probes.Ports.Contains(port))
        {
            return Result(GateVerdict.Unknown, $"port {port} is not probed: probes.ports of DNS provider '{grant.Name}' in the operator's grants does not name it");
        }

        var targets = record.Spec.Endpoints.Where(e => e.Region == region)
            .SelectMany(e => (e.Values ?? (e.Alias is { } alias ? [alias.DnsName] : [])).Select(target => (Endpoint: e.SetIdentifier, Target: target)))
            .ToList();
        if (targets.Count == 0)
        {
            return Result(GateVerdict.Unknown, $"WeightedDnsRecord {gate.EndpointRef} has no endpoint in {region} to probe");
        }

        foreach (var some in targets.Chunk(AtOnce))
        {
            var answers = await Task.WhenAll(some.Select(async t => (t.Endpoint, Bad: await ProbeAsync(gate, grant, record.Spec.Name, t.Target, cancellationToken))));
            if (answers.FirstOrDefault(a => a.Bad is { Result: GateVerdict.Failing }) is { Bad: not null } failing)
            {
                return Result(failing.Bad.Value.Result, $"endpoint {failing.Endpoint}: {failing.Bad.Value.Message}");
            }

            if (answers.FirstOrDefault(a => a.Bad is not null) is { Bad: not null } unknown)
            {
                return Result(unknown.Bad.Value.Result, $"endpoint {unknown.Endpoint}: {unknown.Bad.Value.Message}");
            }
        }

        return Result(GateVerdict.Passing, $"every endpoint in {region} answers with success");
    }

    /// <summary>
    /// The provider that lets the record's namespace have this name, by its spec alone: a name that nobody granted is no reason to call anybody,
    /// and a status may be forged.
    /// </summary>
    private Granted<ProviderGrant> GrantOf(WeightedDnsRecord record)
    {
        var spec = record.Spec;
        var found = grants.FindProvider(spec.ProviderRef.Name, record.Metadata.NamespaceProperty);
        var refusal = found.Grant is not { } grant ? found.Refusal
            : spec.HostedZone.Id is { } zone ? grant.RefusalFor(zone, spec.Name, spec.Type)
            : grant.RefusalForName(spec.Name, spec.Type);
        return refusal is null ? found : new Granted<ProviderGrant>(null, refusal);
    }

    private async Task<(string Result, string Message)?> ProbeAsync(ProbeGate gate, ProviderGrant grant, string name, string target, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = IPAddress.TryParse(target, out var literal) ? [literal] : await _names.FindAsync(target, cancellationToken);
            if (addresses.Length == 0)
            {
                return (GateVerdict.Unknown, "its name has no address");
            }

            if (ProbeAddress.Refusal(addresses[0], grants.Probes, grant.Probes) is { } refusal)
            {
                return (GateVerdict.Unknown, $"its address is not probed: {refusal}");
            }

            if (ProbeUrl.Of(gate, name) is not { } url)
            {
                return (GateVerdict.Unknown, $"path {gate.Path} is no path: begin it with one slash");
            }

            return (int)await GetAsync(url, addresses[0], cancellationToken) switch
            {
                >= 200 and < 300 => null,
                >= 300 and < 400 and var status => (GateVerdict.Failing, $"answered {status}, a redirect, which is not followed: probe the path that it leads to"),
                var status => (GateVerdict.Failing, $"answered {status}"),
            };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (GateVerdict.Failing, $"no answer within {GateRound.Length.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException)
        {
            return (GateVerdict.Failing, CallFailure.Words(e));
        }
    }

    private async Task<HttpStatusCode> GetAsync(Uri url, IPAddress address, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = async (connection, token) =>
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(address, connection.DnsEndPoint.Port, token);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        using var repeated = pipelines.Handler(OutgoingCall.Probes);
        repeated.InnerHandler = handler;
        using var client = new HttpClient(repeated);
        using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode;
    }
}
