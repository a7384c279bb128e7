using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Modestano.Testbed.Mongo.Model;
using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;

namespace Modestano.Testbed.Commands.Servers;

/// <summary>
/// Carries the calls between members that are processes over the members' own ports: the caller's process connects to the address that the config
/// names, and what arrives at the other one's port is the call. So whatever stands between the processes stands between the members.
/// </summary>
internal sealed class MemberCarrier(EventLoop loop) : IMemberWire
{
    /// <summary>The command that a call travels as.</summary>
    public const string Command = "_carriedCall";

    private readonly ConcurrentDictionary<string, MongodAttachment> _members = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, CarriedCall> _calls = new();
    private readonly ConcurrentDictionary<(string From, string To), ConcurrentBag<Stream>> _idle = new();
    private long _lastCall;

    /// <summary>A member's process is there; calls from it go through it.</summary>
    public void Add(MongodAttachment member) => _members[member.Host] = member;

    /// <summary>In front of a member: takes the calls that arrive, and leaves everything else to the member.</summary>
    public ICommandHandler InFrontOf(ICommandHandler member) => new Arrivals(this, member);

    public Action Carry(string fromHost, string toHost, Action<Action> arrived, Action returned, Action<CallFailure> failed)
    {
        var id = Interlocked.Increment(ref _lastCall);
        var call = new CarriedCall(arrived);
        _calls[id] = call;
        _ = TravelAsync(id, call, fromHost, toHost, returned, failed);
        return () =>
        {
            if (_calls.TryRemove(id, out _))
            {
                call.GiveUp();
            }
        };
    }

    private async Task TravelAsync(long id, CarriedCall call, string fromHost, string toHost, Action returned, Action<CallFailure> failed)
    {
        await Task.Yield();
        var idle = _idle.GetOrAdd((fromHost, toHost), _ => []);
        Stream? stream = null;
        try
        {
            if (!idle.TryTake(out stream))
            {
                stream = await ConnectAsync(_members[fromHost], toHost, call.GivenUp);
            }

            await stream.WriteAsync(WireWriter.OpMsg((int)id, 0, 0, new BsonDocument { { Command, id }, { "$db", "admin" } }), call.GivenUp);
            var size = new byte[sizeof(int)];
            await stream.ReadExactlyAsync(size, call.GivenUp);
            await stream.ReadExactlyAsync(new byte[BitConverter.ToInt32(size) - size.Length], call.GivenUp);
            idle.Add(stream);
            loop.Post(returned);
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            // Connections that were made before a member's process ended are of no use any more.
            stream?.Dispose();
            while (idle.TryTake(out var old))
            {
                old.Dispose();
            }

            if (e is not OperationCanceledException)
            {
                loop.Post(() => failed(e is SocketException ? CallFailure.Refused(toHost) : CallFailure.Reset(toHost)));
            }
        }
        finally
        {
            _calls.TryRemove(id, out _);
            call.Dispose();
        }
    }

    private static async Task<Stream> ConnectAsync(MongodAttachment from, string toHost, CancellationToken cancellationToken)
    {
        var process = new TcpClient { NoDelay = true };
        await process.ConnectAsync(IPAddress.Loopback, from.OutboundPort, cancellationToken);
        Stream stream = process.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(toHost + "\n"), cancellationToken);
            var answer = new byte[1];
            await stream.ReadExactlyAsync(answer, cancellationToken);
            if (answer[0] != Outbound.Connected)
            {
                throw new SocketException((int)SocketError.ConnectionRefused);
            }

            if (from.Tls?.Load() is { } tls)
            {
                var secure = new SslStream(stream, leaveInnerStreamOpen: false);
                stream = secure;
                await secure.AuthenticateAsClientAsync(Trusting(toHost, tls), cancellationToken);
            }

            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private static SslClientAuthenticationOptions Trusting(string toHost, ServerTls own) => new()
    {
        TargetHost = toHost[..toHost.LastIndexOf(':')],
        ClientCertificates = [own.Certificate],
        RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
            && (own.ClientCa is null || (certificate is X509Certificate2 leaf && PrivateTrust.IsSignedBy(own.ClientCa, leaf))),
    };

    private async Task<BsonDocument> ArriveAsync(long id, CancellationToken cancellationToken)
    {
        if (!_calls.TryGetValue(id, out var call))
        {
            throw new MemberGoneException($"nobody waits for call {id}");
        }

        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.GivenUp);
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(() => call.Arrived(() => answered.TrySetResult()));
        await answered.Task.WaitAsync(given.Token);
        return new BsonDocument("ok", 1.0);
    }

    private sealed class CarriedCall : IDisposable
    {
        private readonly CancellationTokenSource _givenUp = new();

        public CarriedCall(Action<Action> arrived) => (Arrived, GivenUp) = (arrived, _givenUp.Token);

        public Action<Action> Arrived { get; }

        public CancellationToken GivenUp { get; }

        public void GiveUp() => _givenUp.Cancel();

        public void Dispose() => _givenUp.Dispose();
    }

    private sealed class Arrivals(MemberCarrier carrier, ICommandHandler member) : ICommandHandler
    {
        public Task<BsonDocument> ExecuteAsync(BsonDocument command, ClientSession session, CancellationToken cancellationToken) =>
            command.GetElement(0) is { Name: Command } call ? carrier.ArriveAsync(call.Value.AsInt64, cancellationToken) : member.ExecuteAsync(command, session, cancellationToken);
    }
}
