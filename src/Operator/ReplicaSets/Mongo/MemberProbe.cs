using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>Asks one member what a pass wants to know of it. One deadline covers the whole member, so that a frozen one costs a pass no more than that.</summary>
internal sealed class MemberProbe(IMemberCalls calls, ReplicaSetTarget target, string host, TimeSpan timeout, TimeProvider time)
{
    private long? _start;

    /// <summary>Asks for its <c>replSetGetStatus</c> alone.</summary>
    public async Task<MemberReplies> AskStatusAsync(CancellationToken cancellationToken)
    {
        var (status, ping) = await TryAsync(MemberCommands.Admin, MemberCommands.Status, cancellationToken);
        return new MemberReplies { Host = host, Ping = ping, Status = status, Connection = status.Failure, At = time.GetUtcNow() };
    }

    /// <summary>Asks for its <c>hello</c> alone, which every member answers without login.</summary>
    public async Task<MemberReplies> AskHelloAsync(CancellationToken cancellationToken)
    {
        var (hello, ping) = await TryAsync(MemberCommands.Admin, MemberCommands.Hello, cancellationToken);
        var now = time.GetUtcNow();
        return hello.Failure is { } failure
            ? new MemberReplies { Host = host, At = now, Connection = failure, Hello = hello }
            : new MemberReplies { Host = host, At = now, HelloAt = now, Ping = ping, Hello = hello };
    }

    /// <summary>Asks everything.</summary>
    public async Task<MemberReplies> AskAsync(CancellationToken cancellationToken)
    {
        var (hello, ping) = await TryAsync(MemberCommands.Admin, MemberCommands.Hello, cancellationToken);
        if (hello.Failure is { } failure)
        {
            return new MemberReplies { Host = host, At = time.GetUtcNow(), Connection = failure, Hello = hello };
        }

        var helloAt = time.GetUtcNow();

        // The connection pool is small, so more at once would only queue.
        var status = await Ask(MemberCommands.Admin, MemberCommands.Status);
        var isPrimary = hello.Document.Flag("isWritablePrimary") || hello.Document.Flag("ismaster");
        var hasConfig = status.Document is not null || status.Failure?.Code == MongoErrorCodes.InvalidReplicaSetConfig;
        return new MemberReplies
        {
            Host = host,
            HelloAt = helloAt,
            Ping = ping,
            Hello = hello,
            Status = status,
            Config = hasConfig ? await Ask(MemberCommands.Admin, isPrimary ? MemberCommands.ConfigWithCommitment : MemberCommands.Config) : CommandReply.NotAsked,
            SystemReplset = isPrimary ? await Ask(MemberCommands.Local, MemberCommands.SystemReplset) : CommandReply.NotAsked,
            OplogFirst = status.Document is null ? CommandReply.NotAsked : await Ask(MemberCommands.Local, MemberCommands.OplogFirst),
            OplogLast = status.Document is null ? CommandReply.NotAsked : await Ask(MemberCommands.Local, MemberCommands.OplogLast),
            OplogStats = status.Document is null ? CommandReply.NotAsked : await Ask(MemberCommands.Local, MemberCommands.OplogStats),
            BuildInfo = await Ask(MemberCommands.Admin, MemberCommands.BuildInfo),
            FeatureCompatibility = status.Document is null ? CommandReply.NotAsked : await Ask(MemberCommands.Admin, MemberCommands.FeatureCompatibility),
            CurrentOperations = status.Document is null ? CommandReply.NotAsked : await Ask(MemberCommands.Admin, MemberCommands.CurrentOperations),
            DefaultConcerns = isPrimary ? await Ask(MemberCommands.Admin, MemberCommands.DefaultConcerns) : CommandReply.NotAsked,
            Databases = isPrimary ? await Ask(MemberCommands.Admin, MemberCommands.Databases) : CommandReply.NotAsked,
            At = time.GetUtcNow(),
        };

        async Task<CommandReply> Ask(string database, BsonDocument command) => (await TryAsync(database, command, cancellationToken)).Reply;
    }

    private async Task<(CommandReply Reply, TimeSpan Elapsed)> TryAsync(string database, BsonDocument command, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var left = _start is { } start ? timeout - time.GetElapsedTime(start, begun) : timeout;
        if (left <= TimeSpan.Zero)
        {
            return (new CommandReply(null, new MongoFailure(MongoFailureKind.TimedOut, 0, "", "no answer before the deadline")), timeout);
        }

        try
        {
            var (reply, elapsed) = await calls.RunAsync(target, host, database, command, left, cancellationToken);

            // From the moment at which the first command was sent: before, it may have waited for its turn.
            _start ??= time.GetTimestamp() - (long)(elapsed.TotalSeconds * time.TimestampFrequency);
            return (new CommandReply(reply, null), elapsed);
        }
        catch (MongoCallException e)
        {
            return (new CommandReply(null, e.Failure), time.GetElapsedTime(begun));
        }
    }
}
