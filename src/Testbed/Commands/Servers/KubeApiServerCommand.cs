using System.CommandLine;
using Modestano.Testbed.KubeApi;
using Modestano.Testbed.KubeApi.Authorization;

namespace Modestano.Testbed.Commands.Servers;

/// <summary><c>modestano-world kube-apiserver</c>: the embedded API server as a process of its own, with the real one's command line.</summary>
internal static class KubeApiServerCommand
{
    public static Command Build()
    {
        var port = new Option<int>("--secure-port") { Required = true };
        var tokens = new Option<FileInfo>("--token-auth-file") { Required = true };
        var command = new Command("kube-apiserver", "Serve the embedded API server with the command line of the real one; options that it has no use for are ignored.") { port, tokens };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var users = File.ReadLines(parsed.GetRequiredValue(tokens).FullName).Where(l => l.Length > 0).Select(User).ToList();
            await using var server = await KubeApiServer.StartAsync(new KubeApiOptions { Port = parsed.GetRequiredValue(port), Users = users, CollectGarbage = false }, cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        });
        return command;
    }

    // token,user,uid,"group,group"
    private static KubeUserToken User(string line)
    {
        var fields = line.Split(',', 4);
        var groups = fields.Length > 3 ? fields[3].Trim('"').Split(',') : [];
        return new KubeUserToken(new KubeUser(fields[1], [.. groups, "system:authenticated"]), fields[0]);
    }
}
