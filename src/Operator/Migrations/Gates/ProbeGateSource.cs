using System.Net;
using System.Net.Sockets;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>
/// HTTP probes of a record's endpoints in the region that traffic goes to. Each value is resolved once and that address is called, with the
/// record's name as Host; redirects are not followed and bodies are not read. 2xx passes; another answer, or none, fails.
/// </summary>
public sealed class ProbeGateSource(Grants grants) : IGateSource
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<GateStatus>> EvaluateAsync(MigrationContext context, string region, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var results = new List<GateStatus>();
        foreach (var gate in context.Spec.Gates.Probes ?? [])
        {
            results.Add(Persistence.Apply(await EvaluateAsync(gate, context, region, cancellationToken), context.LastResult(gate.Name), context.Now));
        }

        return results;
    }

    private async Task<GateStatus> EvaluateAsync(ProbeGate gate, MigrationContext context, string region, CancellationToken cancellationToken)
    {
        GateStatus Result(string result, string message) => new() { Name = gate.Name, Result = result, Message = message, Time = context.Now.UtcDateTime };
        if (!context.Records.TryGetValue(gate.EndpointRef, out var record))
        {
            return Result(GateVerdict.Unknown, $"endpointRef {gate.EndpointRef} is none of spec.dnsRecordRefs");
        }

        foreach (var endpoint in record.Spec.Endpoints.Where(e => e.Region == region))
        {
            foreach (var target in endpoint.Values ?? [endpoint.Alias!.DnsName])
            {
                if (await ProbeAsync(gate, record.Spec.Name, target, cancellationToken) is { } bad)
                {
                    return Result(bad.Result, $"endpoint {endpoint.SetIdentifier}: {bad.Message}");
                }
            }
        }

        return Result(GateVerdict.Passing, $"every endpoint in {region} answers with success");
    }

    private async Task<(string Result, string Message)?> ProbeAsync(ProbeGate gate, string name, string target, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        try
        {
            var addresses = IPAddress.TryParse(target, out var literal) ? [literal] : await System.Net.Dns.GetHostAddressesAsync(target, deadline.Token);
            if (addresses.Length == 0)
            {
                return (GateVerdict.Unknown, "its name has no address");
            }

            if (ProbeAddress.Refusal(addresses[0], grants.Probes) is { } refusal)
            {
                return (GateVerdict.Unknown, $"its address is not probed: {refusal}");
            }

            return await GetAsync(gate, name, addresses[0], deadline.Token) is var status && (int)status is >= 200 and < 300
                ? null
                : (GateVerdict.Failing, $"answered {(int)status}");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (GateVerdict.Failing, e is OperationCanceledException ? $"no answer within {Timeout.TotalSeconds:0} s" : "no connection");
        }
    }

    private static async Task<HttpStatusCode> GetAsync(ProbeGate gate, string name, IPAddress address, CancellationToken cancellationToken)
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
        using var client = new HttpClient(handler);
        var scheme = gate.Scheme ?? "https";
        var url = new UriBuilder(scheme, name.Replace("*", "probe", StringComparison.Ordinal), gate.Port ?? (scheme == "https" ? 443 : 80)).Uri;
        using var response = await client.GetAsync(new Uri(url, gate.Path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode;
    }
}
