using Modestano.Operator.Runtime;
using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>Asks one member what a pass wants to know of it. One deadline covers the whole member, so that a frozen one costs a pass no more than that.</summary>
internal sealed class MemberProbe(IMemberCalls calls, ReplicaSetTarget target, string host, TimeSpan timeout, TimeProvider time)
{
    private readonly Lock _lock = new();
    private long? _start;
    private TimeSpan? _roundTrip;
    private bool _isSilent;

    /// <summary>Asks for its <c>replSetGetStatus</c> alone.</summary>
    public async Task<MemberReplies> AskStatusAsync(CancellationToken cancellationToken)
    {
        var (status, ping) = await TryAsync(MemberCommands.Admin, MemberCommands.Status, cancellationToken);
        return new MemberReplies { Host = host, Ping = ping, Status = status, Connection = status.Failure, At = time.GetUtcNow() };
    }

    /// <summary>Asks for its <c>hello</c> alone, which every member answers without login.</summary>
    public async Task<MemberReplies> AskHelloAsync(CancellationToken cancellationToken)
    {
        var (hello, ping) = await HelloAsync(cancellationToken);
        var now = time.GetUtcNow();
        return hello.Failure is { } failure
            ? new MemberReplies { Host = host, At = now, Connection = failure, Hello = hello }
            : new MemberReplies { Host = host, At = now, HelloAt = now, Ping = ping, Hello = hello };
    }

    /// <summary>Asks everything.</summary>
    public async Task<MemberReplies> AskAsync(CancellationToken cancellationToken)
    {
        var isFar = calls.RoundTrip(target, host) >= ProbeBudget.Far;
        var (hello, ping) = await HelloAsync(cancellationToken);
        if (hello.Failure is { } failure)
        {
            return new MemberReplies { Host = host, At = time.GetUtcNow(), Connection = failure, Hello = hello };
        }

        var helloAt = time.GetUtcNow();

        // What the others are asked depends on its answer.
        var status = await Ask(MemberCommands.Admin, MemberCommands.Status);
        var isPrimary = hello.Document.Flag("isWritablePrimary") || hello.Document.Flag("ismaster");

        // Without a primary a recovery may have to look at the default before it forces anything.
        var mayBeForced = status.Document is not null && !isPrimary && hello.Document.Text("primary") is null && !hello.Document.Flag("arbiterOnly");
        var hasConfig = status.Document is not null || status.Failure?.Code == MongoErrorCodes.InvalidReplicaSetConfig;
        var isMember = status.Document is not null;
        var config = AskIf(hasConfig, MemberCommands.Admin, isPrimary ? MemberCommands.ConfigWithCommitment : MemberCommands.Config);
        var systemReplset = AskIf(isPrimary, MemberCommands.Local, MemberCommands.SystemReplset);
        var oplogFirst = AskIf(isMember, MemberCommands.Local, MemberCommands.OplogFirst);
        var oplogLast = AskIf(isMember, MemberCommands.Local, MemberCommands.OplogLast);
        var oplogStats = AskIf(isMember, MemberCommands.Local, MemberCommands.OplogStats);
        var oplogTruncation = AskIf(isMember, MemberCommands.Admin, MemberCommands.OplogTruncation);
        var buildInfo = AskIf(true, MemberCommands.Admin, MemberCommands.BuildInfo);
        var featureCompatibility = AskIf(isMember, MemberCommands.Admin, MemberCommands.FeatureCompatibility);
        var currentOperations = AskIf(isMember, MemberCommands.Admin, MemberCommands.CurrentOperations);
        var defaultConcerns = AskIf(isPrimary || mayBeForced, MemberCommands.Admin, MemberCommands.DefaultConcerns);
        var volume = AskIf(status.Failure?.Code is MongoErrorCodes.NotYetInitialized or MongoErrorCodes.InvalidReplicaSetConfig, MemberCommands.Local, MemberCommands.DatabaseStats);
        var shardingState = AskIf(isPrimary, MemberCommands.Admin, MemberCommands.ShardingState);
        var databases = AskIf(isPrimary, MemberCommands.Admin, MemberCommands.Databases);
        return new MemberReplies
        {
            Host = host,
            HelloAt = helloAt,
            Ping = ping,
            Hello = hello,
            Status = status,
            Config = await config(),
            SystemReplset = await systemReplset(),
            OplogFirst = await oplogFirst(),
            OplogLast = await oplogLast(),
            OplogStats = await oplogStats(),
            OplogTruncation = await oplogTruncation(),
            BuildInfo = await buildInfo(),
            FeatureCompatibility = await featureCompatibility(),
            CurrentOperations = await currentOperations(),
            DefaultConcerns = await defaultConcerns(),
            Volume = await volume(),
            ShardingState = await shardingState(),
            Databases = await databases(),
            At = time.GetUtcNow(),
        };

        // A member next door is asked one after the other, over one connection.
        Func<Task<CommandReply>> AskIf(bool asked, string database, BsonDocument command)
        {
            if (!asked || !isFar)
            {
                return () => asked ? Ask(database, command) : Task.FromResult(CommandReply.NotAsked);
            }

            var asking = Ask(database, command);
            return () => asking;
        }

        async Task<CommandReply> Ask(string database, BsonDocument command) => (await TryAsync(database, command, cancellationToken)).Reply;
    }

    private async Task<(CommandReply Reply, TimeSpan Elapsed)> HelloAsync(CancellationToken cancellationToken)
    {
        var hello = await TryAsync(MemberCommands.Admin, MemberCommands.Hello, cancellationToken);
        return hello.Reply.Failure?.Code == MongoErrorCodes.CommandNotFound ? await TryAsync(MemberCommands.Admin, MemberCommands.IsMaster, cancellationToken) : hello;
    }

    private async Task<(CommandReply Reply, TimeSpan Elapsed)> TryAsync(string database, BsonDocument command, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var roundTrip = _roundTrip ?? calls.RoundTrip(target, host);
        var spent = _start is { } start ? time.GetElapsedTime(start, begun) : TimeSpan.Zero;
        var left = _isSilent ? TimeSpan.Zero : Durations.Least(ProbeBudget.For(timeout, roundTrip) - spent, ProbeBudget.ForOne(timeout, roundTrip));
        if (left <= TimeSpan.Zero)
        {
            return (new CommandReply(null, new MongoFailure(MongoFailureKind.TimedOut, 0, "", "no answer before the deadline")), timeout);
        }

        try
        {
            var (reply, elapsed) = await calls.RunAsync(target, host, database, command, left, cancellationToken);

            Answered(elapsed);
            return (new CommandReply(reply, null), elapsed);
        }
        catch (MongoCallException e)
        {
            // What froze answers nothing else either.
            _isSilent |= e.Failure.Kind == MongoFailureKind.TimedOut;
            return (new CommandReply(null, e.Failure), time.GetElapsedTime(begun));
        }
    }

    private void Answered(TimeSpan elapsed)
    {
        lock (_lock)
        {
            // From the moment at which the first command was sent: before, it may have waited for its turn.
            _start ??= time.GetTimestamp() - (long)(elapsed.TotalSeconds * time.TimestampFrequency);
            // A first answer may have waited for the connection and the login; how far the member is, its connection knows better.
            var roundTrip = calls.RoundTrip(target, host) is { } known && known < elapsed ? known : elapsed;
            _roundTrip = _roundTrip < roundTrip ? _roundTrip : roundTrip;
        }
    }
}
