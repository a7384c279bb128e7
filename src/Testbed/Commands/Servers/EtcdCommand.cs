using System.CommandLine;
using System.Net;
using System.Net.Sockets;

namespace Modestano.Testbed.Commands.Servers;

/// <summary>
/// <c>modestano-world etcd</c>: takes the command line of etcd and listens at its client address. It keeps nothing: the embedded API server has its objects
/// in memory. It is there so that what starts etcd and kube-apiserver can be tested without them.
/// </summary>
internal static class EtcdCommand
{
    public static Command Build()
    {
        var urls = new Option<string>("--listen-client-urls") { Required = true };
        var command = new Command("etcd", "Stand in for etcd beneath `modestano-world kube-apiserver`.") { urls };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var listener = new TcpListener(IPAddress.Loopback, new Uri(parsed.GetRequiredValue(urls)).Port);
            listener.Start();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        });
        return command;
    }
}
