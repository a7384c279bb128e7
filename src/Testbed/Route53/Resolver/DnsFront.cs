using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;

namespace Modestano.Testbed.Route53.Resolver;

/// <summary>Speaks DNS over UDP and TCP on one loopback port.</summary>
internal sealed class DnsFront(ZoneResolver resolver, int port) : IDisposable
{
    private const int Attempts = 20;
    private static readonly int TimeoutMillis = (int)TimeSpan.FromSeconds(5).TotalMilliseconds;

    private DnsServer? _server;

    public IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, port);

    /// <summary>Binds and serves. With port 0 a port is taken that is free for both UDP and TCP.</summary>
    public void Start()
    {
        for (var attempt = 1; ; attempt++)
        {
            EndPoint = new IPEndPoint(IPAddress.Loopback, port != 0 ? port : FreePort());
            var server = new DnsServer(new UdpServerTransport(EndPoint, TimeoutMillis), new TcpServerTransport(EndPoint, TimeoutMillis, TimeoutMillis));
            server.QueryReceived += AnswerAsync;
            try
            {
                server.Start();
                _server = server;
                return;
            }
            catch (SocketException) when (port == 0 && attempt < Attempts)
            {
                // Somebody took the port for one of the two protocols in between: try another.
                Stop(server);
            }
        }
    }

    public void Dispose()
    {
        if (_server is not null)
        {
            Stop(_server);
        }
    }

    private static void Stop(DnsServer server)
    {
        try
        {
            server.Stop();
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is OperationCanceledException))
        {
            // The library waits for its listening tasks; those that had not begun yet were cancelled.
            return;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private Task AnswerAsync(object sender, QueryReceivedEventArgs e)
    {
        if (e.Query is DnsMessage query)
        {
            e.Response = Answer(query);
        }

        return Task.CompletedTask;
    }

    private DnsMessage Answer(DnsMessage query)
    {
        var response = query.CreateResponseInstance();
        if (query.Questions is not [{ RecordClass: RecordClass.INet } question] || query.OperationCode != OperationCode.Query)
        {
            response.ReturnCode = ReturnCode.NotImplemented;
            return response;
        }

        var resolution = resolver.Resolve(question.Name.ToString(), WireType(question.RecordType));
        response.IsAuthoritiveAnswer = resolution.Kind != ResolutionKind.Refused;
        response.ReturnCode = resolution.Kind switch
        {
            ResolutionKind.NoSuchName => ReturnCode.NxDomain,
            ResolutionKind.Refused => ReturnCode.Refused,
            _ => ReturnCode.NoError,
        };
        response.AnswerRecords.AddRange(resolution.Answers.SelectMany(set => set.Values.Select(value => Record(set.Name, set.Type, set.Ttl, value))));
        if (resolution.Soa is { } soa)
        {
            response.AuthorityRecords.Add(Record(soa.Name, soa.Type, (int)soa.Ttl!.Value, soa.Values![0]));
        }

        return response;
    }

    private static string WireType(RecordType type) => type.ToString().ToUpperInvariant();

    private static DnsRecordBase Record(string name, string type, int ttl, string value)
    {
        var owner = DomainName.Parse(name);
        var parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return type switch
        {
            "A" => new ARecord(owner, ttl, IPAddress.Parse(value)),
            "AAAA" => new AaaaRecord(owner, ttl, IPAddress.Parse(value)),
            "CNAME" => new CNameRecord(owner, ttl, DomainName.Parse(value)),
            "NS" => new NsRecord(owner, ttl, DomainName.Parse(value)),
            "TXT" => new TxtRecord(owner, ttl, QuotedText.Parts(value)),
            "MX" => new MxRecord(owner, ttl, Number(parts[0]), DomainName.Parse(parts[1])),
            "SRV" => new SrvRecord(owner, ttl, Number(parts[0]), Number(parts[1]), Number(parts[2]), DomainName.Parse(parts[3])),
            "SOA" => new SoaRecord(owner, ttl, DomainName.Parse(parts[0]), DomainName.Parse(parts[1]), uint.Parse(parts[2], CultureInfo.InvariantCulture),
                Seconds(parts[3]), Seconds(parts[4]), Seconds(parts[5]), Seconds(parts[6])),
            _ => throw new NotSupportedException($"records of type {type} are kept and listed, and cannot be answered over DNS here"),
        };
    }

    private static ushort Number(string text) => ushort.Parse(text, CultureInfo.InvariantCulture);

    private static int Seconds(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
