namespace Modestano.Testbed.Mongo.Model;

/// <summary>The views of all other members of the config, in the config's order.</summary>
internal sealed class MemberViews(MemberProcess process)
{
    private readonly List<MemberView> views = [];

    public IReadOnlyList<MemberView> All => views;

    public MemberView? FindById(int id) => views.Find(view => view.Config.Id == id);

    public MemberView? FindByHost(string host) => views.Find(view => view.Config.Host == host);

    /// <summary>Follows the config: what is known of members that stay is kept.</summary>
    public void Rebuild()
    {
        var known = views.ToDictionary(view => (view.Config.Id, view.Config.Host));
        views.Clear();
        foreach (var member in process.Topology.Config?.Members ?? [])
        {
            if (member.Host == process.Host || process.Topology.Self is null)
            {
                continue;
            }

            var view = known.GetValueOrDefault((member.Id, member.Host)) ?? new MemberView(member) { LastSign = process.Elapsed };
            view.Config = member;
            views.Add(view);
        }
    }

    /// <summary>Voters that are up, this member included.</summary>
    public int VotersUp => views.Count(view => view.Config.IsVoter && view.IsUp == true) + (process.Topology.Self is { IsVoter: true } ? 1 : 0);

    public bool SeesMajority => process.Topology.Config is { } config && VotersUp >= config.MajorityVoteCount;
}
