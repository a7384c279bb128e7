using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Modestano.Testbed.Mongo.Wire;

namespace Modestano.Testbed.Commands.Servers;

/// <summary>
/// <c>modestano-world mongod</c>: one embedded member as a process of its own, with the command line of mongod. The process owns the port and passes what
/// comes to it on to the member's model, which lives in a hub process that all members in one parent folder of <c>--dbpath</c> share (the first one starts
/// it). What is done to this process is done to the member: SIGKILL crashes it, SIGSTOP freezes it, starting it again with its folder brings it back.
/// </summary>
internal static class MongodCommand
{
    /// <summary>
    /// The variable that names host:port of the member in configs where it is not its own port, because a proxy stands in front. A real mongod finds
    /// that out by connecting to every host of its config and asking for <c>_isSelf</c>; it does not read the variable.
    /// </summary>
    public const string AddressVariable = "MODESTANO_MEMBER_ADDRESS";

    private static readonly TimeSpan HubLimit = TimeSpan.FromSeconds(60);

    public static Command Build()
    {
        var replSet = new Option<string?>("--replSet");
        var port = new Option<int>("--port") { DefaultValueFactory = _ => 27017 };
        var data = new Option<DirectoryInfo>("--dbpath") { Required = true };
        var bind = new Option<string>("--bind_ip") { DefaultValueFactory = _ => "127.0.0.1" };
        var keyFile = new Option<FileInfo?>("--keyFile");
        var mode = new Option<string>("--tlsMode") { DefaultValueFactory = _ => "disabled", Description = "allowTLS and preferTLS, which serve both on one port, are not played." };
        mode.AcceptOnlyFromAmong("disabled", "requireTLS");
        var certificate = new Option<FileInfo?>("--tlsCertificateKeyFile");
        var authority = new Option<FileInfo?>("--tlsCAFile");
        var anyClient = new Option<bool>("--tlsAllowConnectionsWithoutCertificates");
        var command = new Command("mongod", "Serve one embedded member with the command line of mongod.") { replSet, port, data, bind, keyFile, mode, certificate, authority, anyClient };
        command.SetAction((parsed, cancellationToken) =>
        {
            ServerTlsFiles? tls = null;
            if (parsed.GetValue(mode) == "requireTLS")
            {
                tls = new ServerTlsFiles(
                    parsed.GetValue(certificate)?.FullName ?? throw new ArgumentException("--tlsMode requireTLS needs --tlsCertificateKeyFile"),
                    parsed.GetValue(authority)?.FullName,
                    !parsed.GetValue(anyClient));

                // Read here too, so that a file that is no certificate ends this process, with the reason in its output.
                tls.Load().Certificate.Dispose();
            }

            var address = IPAddress.Parse(parsed.GetRequiredValue(bind));
            var folder = parsed.GetRequiredValue(data);
            var ownPort = $"{address}:{parsed.GetValue(port)}";
            return RunAsync(
                new IPEndPoint(address, parsed.GetValue(port)),
                folder.Parent!.FullName,
                outbound => new MongodAttachment(
                    Environment.GetEnvironmentVariable(AddressVariable) ?? ownPort, outbound, folder.FullName, parsed.GetValue(replSet), Identity(parsed.GetValue(keyFile)), tls),
                cancellationToken);
        });
        return command;
    }

    public static Command BuildHub()
    {
        var folder = new Option<DirectoryInfo>("--folder") { Required = true };
        var command = new Command("mongod-hub", "The model behind the members of a folder; they start it.") { folder };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await MongodHub.RunAsync(parsed.GetRequiredValue(folder).FullName, cancellationToken);
            return 0;
        });
        return command;
    }

    private static string? Identity(FileInfo? keyFile) => keyFile is null ? null : Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(keyFile.FullName)));

    private static async Task<int> RunAsync(IPEndPoint endPoint, string hubFolder, Func<int, MongodAttachment> attachment, CancellationToken cancellationToken)
    {
        using var outbound = new Outbound();
        using var hub = await AttachAsync(hubFolder, cancellationToken);
        await using var control = hub.GetStream();
        attachment(outbound.Port).Write(control);
        var answer = new byte[sizeof(int)];
        await control.ReadExactlyAsync(answer, cancellationToken);
        var member = new IPEndPoint(IPAddress.Loopback, BitConverter.ToInt32(answer));
        using var listener = new TcpListener(endPoint);
        listener.Start();
        _ = Relay.AcceptAsync(listener, client => PassOnAsync(client, member));
        while (!cancellationToken.IsCancellationRequested)
        {
            await control.WriteAsync(new byte[1], CancellationToken.None);
            await Task.Delay(MongodHub.Pulse, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return 0;
    }

    private static async Task<TcpClient> AttachAsync(string folder, CancellationToken cancellationToken)
    {
        var since = Stopwatch.StartNew();
        var started = false;
        while (since.Elapsed < HubLimit)
        {
            if (File.Exists(Path.Combine(folder, MongodHub.PortFile))
                && int.TryParse(await File.ReadAllTextAsync(Path.Combine(folder, MongodHub.PortFile), cancellationToken), CultureInfo.InvariantCulture, out var port))
            {
                var client = new TcpClient();
                try
                {
                    await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                    return client;
                }
                catch (SocketException)
                {
                    // The file is of a hub that was killed.
                    client.Dispose();
                }
            }

            if (!started)
            {
                StartHub(folder);
                started = true;
            }

            await Task.Delay(50, cancellationToken);
        }

        throw new TimeoutException($"no hub answers in {folder}");
    }

    private static void StartHub(string folder)
    {
        // With outputs of its own: the hub outlives this process, and who waits for the end of this one's output must not wait for the hub.
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in new[] { typeof(MongodCommand).Assembly.Location, "mongod-hub", "--folder", folder })
        {
            start.ArgumentList.Add(argument);
        }

        Process.Start(start)?.Dispose();
    }

    private static async Task PassOnAsync(TcpClient client, IPEndPoint member)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(member);
        await Relay.BetweenAsync(client, server);
    }
}
