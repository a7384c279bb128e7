using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Modestano.Testbed.Mongo;
using Modestano.Testbed.Mongo.Model;
using Modestano.Testbed.Mongo.Wire;

namespace Modestano.Testbed.Commands.Servers;

/// <summary>
/// Holds the model behind the members that run as processes of their own. A member's process attaches by a connection over which it says
/// <see cref="MongodAttachment"/> and then one byte a moment; its member runs while the connection is there, is paused while no bytes come, and crashes
/// with the connection. Its disk is kept under the name of its data folder. The members' calls to each other go through their processes and ports.
/// </summary>
internal sealed class MongodHub : IDisposable
{
    /// <summary>The file in the hub's folder that names its port.</summary>
    public const string PortFile = "members.port";

    /// <summary>Between two bytes of a process that is alive.</summary>
    public static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(100);

    // A busy machine delays a process for a while; a frozen one is silent for good.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private readonly SimulatedReplicaSetNetwork _network = new(EventLoop.RealTime(1, TimeProvider.System));
    private readonly MemberCarrier _carrier;
    private readonly AdminCommandLog _log = new(TimeProvider.System);
    private readonly Dictionary<string, SimulatedMember> _members = new(StringComparer.Ordinal);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _attached;

    private MongodHub() => _network.Wire = _carrier = new MemberCarrier(_network.Loop);

    /// <summary>Serves the members of a folder until none has been attached for a while; ends at once where another hub serves them.</summary>
    public static async Task RunAsync(string folder, CancellationToken cancellationToken)
    {
        FileStream only;
        try
        {
            only = new FileStream(Path.Combine(folder, "members.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return;
        }

        await using (only)
        {
            using var hub = new MongodHub();
            await using var trace = new StreamWriter(Path.Combine(folder, "members.log")) { AutoFlush = true };
            hub._network.Traced += trace.WriteLine;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            hub._listener.Start();
            var running = hub._network.RunRealTimeAsync(stop.Token);
            await File.WriteAllTextAsync(
                Path.Combine(folder, PortFile), ((IPEndPoint)hub._listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture), CancellationToken.None);
            await hub.AcceptAsync(stop.Token);
            File.Delete(Path.Combine(folder, PortFile));
            await stop.CancelAsync();
            await running;
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Idle);
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(patience.Token));
            }
            catch (OperationCanceledException) when (Volatile.Read(ref _attached) > 0 && !cancellationToken.IsCancellationRequested)
            {
                continue;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        Interlocked.Increment(ref _attached);
        using (client)
        {
            await using var stream = client.GetStream();
            await using var member = await OnLoopAsync(MongodAttachment.Read(stream), Attach);
            await stream.WriteAsync(BitConverter.GetBytes(member.EndPoint.Port));
            await FollowAsync(stream, member.Model);
        }

        Interlocked.Decrement(ref _attached);
    }

    // Each process has a port of its own in front of the member, with the certificate that it was started with.
    private EmbeddedMongoMember Attach(MongodAttachment attachment)
    {
        var options = new EmbeddedMongoMemberOptions { Host = attachment.Host, ReplSetName = attachment.ReplSetName ?? throw new ArgumentException("a standalone is not served: give --replSet"), KeyFile = attachment.KeyFile };
        var again = _members.TryGetValue(attachment.DataFolder, out var model);
        model ??= _network.AddMember(new MemberOptions
        {
            Host = attachment.Host,
            ReplSetName = attachment.ReplSetName,
            KeyFile = attachment.KeyFile,
            Version = ServerVersion.Mongo70,
            OplogSizeBytes = options.OplogSizeBytes,
        });
        _members[attachment.DataFolder] = model;
        _carrier.Add(attachment);
        var member = new EmbeddedMongoMember(
            options, model, new IPEndPoint(IPAddress.Loopback, 0), attachment.KeyFile is not null, attachment.Tls?.Load(), _log, new CommandCounts(), NullLogger.Instance,
            _carrier.InFrontOf);
        if (again)
        {
            model.Restart();
        }

        return member;
    }

    // The member lives as its process does.
    private static async Task FollowAsync(NetworkStream stream, SimulatedMember member)
    {
        var buffer = new byte[64];
        try
        {
            while (true)
            {
                var reading = stream.ReadAsync(buffer).AsTask();
                if (await Task.WhenAny(reading, Task.Delay(Silence)) != reading)
                {
                    member.Pause();
                    await reading;
                    member.Resume();
                }

                if (await reading == 0)
                {
                    break;
                }
            }
        }
        catch (IOException)
        {
            // The process was killed.
        }

        member.Resume();
        member.Crash();
    }

    private Task<TResult> OnLoopAsync<TArgument, TResult>(TArgument argument, Func<TArgument, TResult> action)
    {
        var result = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _network.Loop.Post(() =>
        {
            try
            {
                result.SetResult(action(argument));
            }
            catch (Exception e) when (e is ArgumentException or SocketException or IOException or CryptographicException)
            {
                result.SetException(e);
            }
        });
        return result.Task;
    }
}
