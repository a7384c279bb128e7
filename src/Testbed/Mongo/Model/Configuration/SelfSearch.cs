namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// How a member finds itself in a new config. Releases before 4.4.19, 5.0.15, 6.0.5 connect to every host of it, one after the other and
/// with 30 s each, so that one frozen member holds a reconfig up for more than half a minute (SERVER-66050; seen).
/// </summary>
internal static class SelfSearch
{
    private static readonly TimeSpan ConnectionTimeout = TimeSpan.FromSeconds(30);

    public static void Run(MemberProcess process, ReplicaSetConfig config, Action found)
    {
        if (process.Release.Has(Trait.QuickSelfSearch))
        {
            found();
        }
        else
        {
            Ask(process, new Queue<string>(config.Members.Select(member => member.Host).Where(host => host != process.Host)), found);
        }
    }

    private static void Ask(MemberProcess process, Queue<string> hosts, Action found)
    {
        if (!hosts.TryDequeue(out var host))
        {
            found();
            return;
        }

        process.Call<bool>(
            host,
            ConnectionTimeout,
            (_, respond) => respond(false),
            _ => Ask(process, hosts, found),
            _ => Ask(process, hosts, found));
    }
}
