using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary><c>hello</c> and its old spellings, the awaiting form included.</summary>
internal static class HelloCommand
{
    public static void Run(CommandContext context)
    {
        var topology = context.Process.Topology;
        if (!ShouldWait(context))
        {
            context.Reply(Describe(context));
            return;
        }

        var isAnswered = false;
        ProcessTimer? limit = null;
        topology.Changed += Answer;
        limit = context.Process.After(TimeSpan.FromMilliseconds(context.Command["maxAwaitTimeMS"].ToInt64()), Answer);

        void Answer()
        {
            if (!isAnswered)
            {
                isAnswered = true;
                topology.Changed -= Answer;
                limit?.Cancel();
                context.Reply(Describe(context));
            }
        }
    }

    /// <summary>The reply without <c>ok</c>, as <c>serverStatus.repl</c> shows part of it too.</summary>
    public static BsonDocument Roles(MemberProcess process, string primaryField)
    {
        var reply = new BsonDocument();
        var topology = process.Topology;
        if (process.Member.Options.ClusterRole == MemberOptions.ConfigServer)
        {
            // How drivers know a config server (replication_info.cpp).
            reply.Add("configsvr", 2);
        }

        if (process.Member.Options.ReplSetName is null)
        {
            return reply.Add(primaryField, true).Add("topologyVersion", topology.Version);
        }

        reply.Add("topologyVersion", topology.Version);
        return topology is { Config: { } config, Self: { } self }
            ? Member(reply, process, config, self, primaryField)
            : reply
                .Add(primaryField, false)
                .Add("secondary", false)
                .Add("info", "Does not have a valid replica set config")
                .Add("isreplicaset", true);
    }

    private static bool ShouldWait(CommandContext context)
    {
        var sent = context.Command.GetValue("topologyVersion", null) as BsonDocument;
        var wait = context.Command.GetValue("maxAwaitTimeMS", null);
        if (sent is null && wait is null)
        {
            return false;
        }

        if (sent is null || wait is null)
        {
            throw new CommandException(
                (ErrorCode)31368,
                sent is null
                    ? "A request with 'maxAwaitTimeMS' must include a 'topologyVersion'"
                    : "A request with a 'topologyVersion' must include 'maxAwaitTimeMS'");
        }

        if (wait.ToInt64() < 0)
        {
            throw new CommandException((ErrorCode)31373, "maxAwaitTimeMS must be a non-negative integer");
        }

        var counter = sent.GetValue("counter", BsonNull.Value);
        if (counter is not BsonInt64)
        {
            throw new CommandException(
                ErrorCode.TypeMismatch,
                $"BSON field 'TopologyVersion.counter' is the wrong type '{ConfigFields.TypeName(counter)}', expected type 'long'");
        }

        var topology = context.Process.Topology;
        if (sent.GetValue("processId", BsonNull.Value) != topology.ProcessId)
        {
            return false;
        }

        return counter.AsInt64 <= topology.Counter
            ? counter.AsInt64 == topology.Counter
            : throw new CommandException(
                (ErrorCode)31382,
                $"Received a topology version with counter: {counter.AsInt64} which is greater than " +
                $"the server topology version counter: {topology.Counter}");
    }

    private static BsonDocument Describe(CommandContext context)
    {
        var process = context.Process;
        var reply = Roles(process, context.Name == "hello" ? "isWritablePrimary" : "ismaster");
        if (context.Flag("helloOk") && process.Member.KnowsHello)
        {
            reply.InsertAt(0, new BsonElement("helloOk", true));
        }

        return reply
            .Add("maxBsonObjectSize", 16777216)
            .Add("maxMessageSizeBytes", 48000000)
            .Add("maxWriteBatchSize", 100000)
            .Add("localTime", process.Now)
            .Add("logicalSessionTimeoutMinutes", 30)
            .Add("connectionId", (int)context.Connection.ConnectionId)
            .Add("minWireVersion", 0)
            .Add("maxWireVersion", process.Version.MaxWireVersion)
            .Add("readOnly", false);
    }

    private static BsonDocument Member(
        BsonDocument reply, MemberProcess process, ReplicaSetConfig config, MemberConfig self, string primaryField)
    {
        var topology = process.Topology;
        var visible = config.Members.Where(member => !member.Hidden).ToArray();
        AddHosts(reply, "hosts", visible.Where(member => member is { ArbiterOnly: false, EffectivePriority: > 0 }));
        AddHosts(reply, "passives", visible.Where(member => member is { ArbiterOnly: false, EffectivePriority: 0 }));
        AddHosts(reply, "arbiters", visible.Where(member => member.ArbiterOnly));
        // A leader shows as secondary until it takes writes; one that steps down as neither.
        var isSteppingUp = topology is { IsLeader: true, IsWritablePrimary: false } && !process.StepDown.IsWaiting;
        var isSecondary = topology.State == MemberState.Secondary || isSteppingUp;
        reply
            .Add("setName", config.Name)
            .Add("setVersion", config.Version)
            .Add(primaryField, topology.IsWritablePrimary)
            .Add("secondary", isSecondary);
        reply.Add("primary", topology.Primary?.Host ?? "", topology.Primary is not null);
        reply.Add("arbiterOnly", true, self.ArbiterOnly);
        reply.Add("passive", true, self is { ArbiterOnly: false, EffectivePriority: 0 });
        reply.Add("hidden", true, self.Hidden);
        reply.Add(ConfigWriter.DelayField(process.Release), self.DelaySeconds, self.DelaySeconds > 0);
        reply.Add("tags", self.Tags.DeepClone(), self.Tags.ElementCount > 0);
        reply.Add("me", self.Host);
        reply.Add("electionId", process.StepUp.ElectionId, topology.IsLeader);
        return reply.Add("lastWrite", LastWrite(process));
    }

    private static BsonDocument LastWrite(MemberProcess process)
    {
        // An arbiter has no data and repeats what it learnt.
        var last = process.Topology.Self!.ArbiterOnly ? process.CommitPoint.Value : process.Applier.LastApplied;
        var write = new BsonDocument { { "opTime", last.ToBson() }, { "lastWriteDate", DateOf(last) } };
        if (!process.CommitPoint.Value.IsNone)
        {
            write.Add("majorityOpTime", process.CommitPoint.Value.ToBson()).Add("majorityWriteDate", DateOf(process.CommitPoint.Value));
        }

        return write;
    }

    private static DateTime DateOf(OpTime time) => DateTime.UnixEpoch.AddSeconds(time.Seconds);

    private static void AddHosts(BsonDocument reply, string field, IEnumerable<MemberConfig> members)
    {
        var hosts = new BsonArray(members.Select(member => member.Host));
        reply.Add(field, hosts, hosts.Count > 0);
    }
}
