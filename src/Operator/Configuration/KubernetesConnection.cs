using System.Net.Sockets;
using k8s;
using k8s.Exceptions;

namespace Modestano.Operator.Configuration;

/// <summary>The connection to the API server.</summary>
public static class KubernetesConnection
{
    /// <summary>Finds the cluster: the kubeconfig that is named, else the pod's service account, else KUBECONFIG or ~/.kube/config.</summary>
    /// <exception cref="ConfigurationException">There is none, or it is not usable.</exception>
    public static KubernetesClientConfiguration Find(OperatorOptions options)
    {
        try
        {
            var configuration = options.Kubeconfig is null && KubernetesClientConfiguration.IsInCluster()
                ? KubernetesClientConfiguration.InClusterConfig()
                : KubernetesClientConfiguration.BuildConfigFromConfigFile(options.Kubeconfig ?? DefaultFile(), options.Context);
            configuration.UserAgent = $"modestano-operator/{OperatorVersion.Text.Split('+')[0]}";
            configuration.HttpClientTimeout = TimeSpan.FromSeconds(30);
            configuration.FirstMessageHandlerSetup = handler => NoticeDeadConnections(handler);
            return configuration;
        }
        catch (Exception e) when (e is KubeConfigException or IOException or UnauthorizedAccessException or YamlDotNet.Core.YamlException)
        {
            var which = options.Kubeconfig is null ? "no cluster was found" : $"{OperatorSettings.Kubeconfig.Flag}: '{options.Kubeconfig}' is not usable";
            throw new ConfigurationException([$"{which}: {e.Message}; give a kubeconfig file, or run in a pod with a service account"]);
        }
    }

    private static string DefaultFile()
    {
        var fromEnvironment = Environment.GetEnvironmentVariable("KUBECONFIG")?.Split(Path.PathSeparator).FirstOrDefault(f => f.Length > 0);
        return fromEnvironment ?? KubernetesClientConfiguration.KubeConfigDefaultLocation;
    }

    /// <summary>A peer that vanished without a word is noticed within half a minute instead of at the end of a watch.</summary>
    private static void NoticeDeadConnections(HttpMessageHandler handler)
    {
        if (handler is not SocketsHttpHandler sockets)
        {
            return;
        }

        sockets.ConnectTimeout = TimeSpan.FromSeconds(5);
        sockets.KeepAlivePingDelay = TimeSpan.FromSeconds(15);
        sockets.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        sockets.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        // HTTP/1.1 has no pings: there TCP has to notice.
        sockets.ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
    }
}
