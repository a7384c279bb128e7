using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// Builds of indexes of collections that hold documents: every member builds, and the primary commits when the commit quorum is ready
/// (manual: index builds on populated collections). A voter that is down holds up a build with the default quorum until somebody changes it.
/// </summary>
internal sealed class IndexBuilds(MemberProcess process)
{
    private readonly List<IndexBuild> open = [];

    /// <summary>The builds as <c>$currentOp</c> shows them.</summary>
    public IEnumerable<BsonDocument> Operations => open.Select(build => new BsonDocument
    {
        { "type", "op" },
        { "host", process.Host },
        { "desc", "IndexBuildsCoordinatorMongod-0" },
        { "active", true },
        { "op", "command" },
        { "ns", $"{build.Database}.{build.Collection}" },
        { "command", build.Command },
        { "msg", "Index Build: draining writes received during build" },
    });

    /// <summary>Starts a build and calls back when it may be committed, or with why it ended.</summary>
    /// <exception cref="CommandException">278 when the set as it is configured can never be ready.</exception>
    public void Start(BsonDocument command, Action<CommandException?> done)
    {
        var quorum = command.GetValue("commitQuorum", CommitQuorum.VotingMembers);
        RefuseUnlessSatisfiable(quorum);
        var started = process.Writer.WriteNoOp(new BsonDocument { { "msg", "startIndexBuild" }, { "collection", command[0] } });
        open.Add(new IndexBuild(command.GetValue("$db", "test").AsString, command, started, done) { Quorum = quorum });
        Check();
    }

    /// <summary><c>setIndexCommitQuorum</c>.</summary>
    public void SetQuorum(string database, string collection, IReadOnlyList<string> indexNames, BsonValue quorum)
    {
        RefuseUnlessSatisfiable(quorum);
        var build = open.Find(b => b.Database == database && b.Collection == collection && b.IndexNames.SequenceEqual(indexNames))
            ?? throw new CommandException(
                ErrorCode.IndexNotFound, $"Cannot find an index build on collection '{database}.{collection}' with the provided index names");
        build.Quorum = quorum;
        Check();
    }

    /// <summary>Commits what enough members are ready for.</summary>
    public void Check()
    {
        foreach (var build in open.Where(IsReady).ToArray())
        {
            // Committing one may have committed another.
            if (open.Remove(build))
            {
                build.Done(null);
            }
        }
    }

    public void InterruptAll()
    {
        foreach (var build in open.ToArray())
        {
            open.Remove(build);
            build.Done(new CommandException(ErrorCode.InterruptedDueToReplStateChange, "operation was interrupted"));
        }
    }

    private bool IsReady(IndexBuild build)
    {
        var config = process.Topology.Config!;
        var ready = config.Members.Where(member => member is { IsDataBearing: true, BuildIndexes: true } && Position(member) >= build.Started).ToList();
        return CommitQuorum.IsMet(build.Quorum, config, ready);
    }

    private OpTime Position(MemberConfig member) =>
        member.Host == process.Host ? process.Applier.LastApplied : process.Views.FindById(member.Id)?.Applied ?? OpTime.None;

    private void RefuseUnlessSatisfiable(BsonValue quorum)
    {
        var config = process.Topology.Config!;
        if (!CommitQuorum.IsMet(quorum, config, [.. config.Members.Where(member => member is { IsDataBearing: true, BuildIndexes: true })]))
        {
            throw new CommandException(ErrorCode.UnsatisfiableCommitQuorum, "Commit quorum cannot be satisfied with the current replica set configuration");
        }
    }

    private sealed class IndexBuild(string database, BsonDocument command, OpTime started, Action<CommandException?> done)
    {
        public string Database { get; } = database;

        public BsonDocument Command { get; } = command;

        public string Collection => Command[0].AsString;

        public IEnumerable<string> IndexNames => Command["indexes"].AsBsonArray.Select(index => index["name"].AsString);

        public OpTime Started { get; } = started;

        public Action<CommandException?> Done { get; } = done;

        public BsonValue Quorum { get; set; } = CommitQuorum.VotingMembers;
    }
}
