using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Runtime;
using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>The port over MongoDB.Driver: direct connections only, so that each command goes to the member that it is meant for.</summary>
internal sealed class MongoReplicaSetGateway(IMemberCalls members, MongoConnectionOptions options, TimeProvider time) : IReplicaSetGateway
{
    private readonly GrantedCalls _calls = new(members, options);

    /// <summary>The network's share of an effect's time: the server must give up before we do.</summary>
    private static readonly TimeSpan ReplyMargin = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MemberReplies>> ObserveAsync(
        ReplicaSetTarget target,
        IReadOnlyCollection<string> hosts,
        ObservationReach reach,
        CancellationToken cancellationToken)
    {
        _calls.Begin(target.Set);
        var asked = new HashSet<string>(hosts, HostNames.Comparer);
        if (reach == ObservationReach.StatusOnly)
        {
            return await Task.WhenAll(asked.Select(h => Probe(target, h).AskStatusAsync(cancellationToken)));
        }

        var replies = (await Task.WhenAll(asked.Select(h => AskExplainedAsync(target, h, cancellationToken)))).Select(ReportedConfig.Checked).ToList();
        if (reach == ObservationReach.NamedHosts)
        {
            return replies;
        }

        var others = replies
            .Where(r => r.Status.Document is not null)
            .Select(r => r.Config.Document.Doc("config"))
            // Whoever is in another set names members of that one: nobody logs in there.
            .Where(config => target.SetName is null || config.Text("_id") == target.SetName)
            .SelectMany(config => config.Docs("members"))
            .Select(m => m.Text("host"))
            .OfType<string>()
            .Where(asked.Add)
            // Members that contradict each other could name fifty others each.
            .Take(2 * ReportedConfig.MaxMembers)
            .ToList();
        replies.AddRange((await Task.WhenAll(others.Select(h => AskExplainedAsync(target, h, cancellationToken)))).Select(ReportedConfig.Checked));
        return replies;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<ConnectedApplication>?>> ApplicationsAsync(
        ReplicaSetTarget target,
        IReadOnlyCollection<string> hosts,
        CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(hosts.Select(async host => (host, applications: await ApplicationsOfAsync(target, host, cancellationToken))));
        return answers.ToDictionary(a => a.host, a => a.applications, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public Task<long?> DataSizeAsync(ReplicaSetTarget target, string primary, CancellationToken cancellationToken) =>
        new DataSize(_calls, target, primary, options.ProbeTimeout, time).ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>?> RolesAsync(ReplicaSetTarget target, string primary, CancellationToken cancellationToken) =>
        new UserRoles(_calls, target, primary, options.ProbeTimeout).ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<StepResult> ExecuteAsync(ReplicaSetTarget target, Step step, string? primary, TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            return step switch
            {
                Reconfig reconfig => await ReconfigAsync(target, reconfig, atMost, cancellationToken),
                StepDown stepDown => await StepDownAsync(target, stepDown, atMost, cancellationToken),
                Initiate initiate => await InitiateAsync(target, initiate, atMost, cancellationToken),
                SetDefaultWriteConcern concern when primary is not null => await SetConcernAsync(target, concern, primary, atMost, cancellationToken),
                _ => Void($"no primary is known to run {step.Kind} on"),
            };
        }
        catch (StepVoidException e)
        {
            return Void(e.Message);
        }
        catch (MongoCallException e)
        {
            // Nothing but a read was sent so far: the commands themselves answer below.
            return new StepResult(StepOutcome.Refused, e.Failure);
        }
        catch (OperationCanceledException)
        {
            return Void("the effect's time was over before it was sent");
        }
    }

    /// <inheritdoc/>
    public Task<string?> AwaitPrimaryAsync(
        ReplicaSetTarget target,
        IReadOnlyCollection<string> candidates,
        TimeSpan atMost,
        CancellationToken cancellationToken) =>
        new NewPrimary(host => IsWritableAsync(target, host, cancellationToken), time).AwaitAsync(candidates, atMost, cancellationToken);

    /// <inheritdoc/>
    public void Rest(ObjectKey set, string? host) => _calls.Rest(set, host);

    /// <inheritdoc/>
    public void Forget(ObjectKey set) => _calls.Forget(set);

    private async Task<MemberReplies> AskExplainedAsync(ReplicaSetTarget target, string host, CancellationToken cancellationToken)
    {
        var replies = await AskAsync(target, host, cancellationToken);
        return replies.Connection is null ? replies : replies with { Connection = replies.Connection.Explain(target.Connection, time.GetUtcNow()) };
    }

    private async Task<MemberReplies> AskAsync(ReplicaSetTarget target, string host, CancellationToken cancellationToken)
    {
        var replies = await Probe(target, host).AskAsync(cancellationToken) with { LoggedIn = target.Connection.Mechanism is not null };

        // Its hello needs no user: one that was dropped while it was logged in shows in the next answer, and so does a member that became an arbiter.
        var refused = replies.Connection ?? replies.Status.Failure;
        if (refused?.Kind == MongoFailureKind.ArbiterHasNoUsers)
        {
            // It answers its hello to anybody, and nothing more to anybody.
            return await Probe(target with { Connection = target.Connection.WithoutLogin() }, host).AskHelloAsync(cancellationToken) with { LoggedIn = false };
        }

        if (refused?.Kind != MongoFailureKind.AuthenticationFailed)
        {
            return replies;
        }

        // A member that was never initialised has no users yet: ask again without login.
        var anonymous = await Probe(target with { Connection = target.Connection.WithoutLogin() }, host).AskAsync(cancellationToken);
        return anonymous with { Connection = refused, LoggedIn = false };
    }

    private MemberProbe Probe(ReplicaSetTarget target, string host) => new(_calls, target, host, options.ProbeTimeout, time);

    private async Task<IReadOnlyList<ConnectedApplication>?> ApplicationsOfAsync(ReplicaSetTarget target, string host, CancellationToken cancellationToken)
    {
        try
        {
            return ClientConnections.Read((await _calls.RunAsync(target, host, MemberCommands.Admin, ClientConnections.Command, options.ProbeTimeout, cancellationToken)).Reply);
        }
        catch (MongoCallException e)
        {
            // An application has no business on an arbiter. Of any other member the probe of the same pass tells why it does not answer.
            return e.Failure.Kind == MongoFailureKind.ArbiterHasNoUsers ? [] : null;
        }
    }

    private async Task<bool> IsWritableAsync(ReplicaSetTarget target, string host, CancellationToken cancellationToken)
    {
        // A candidate that does not answer is no primary; the next round asks again.
        var hello = (await Probe(target, host).AskHelloAsync(cancellationToken)).Hello.Document;
        return hello.Flag("isWritablePrimary") || hello.Flag("ismaster");
    }

    private async Task<StepResult> ReconfigAsync(ReplicaSetTarget target, Reconfig step, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var (current, elapsed) = await _calls.RunAsync(target, step.RunOn, MemberCommands.Admin, MemberCommands.Config, options.ProbeTimeout, cancellationToken);

        // Its answer a moment ago was one that can be worked with; this one need not be.
        var config = current.Doc("config") ?? throw new StepVoidException($"{step.RunOn} reports no configuration");
        if (ReportedConfig.Refusal(config) is { } odd)
        {
            throw new StepVoidException($"the configuration that {step.RunOn} reports {odd}");
        }

        var next = ConfigEditor.Apply(config, step);
        var left = atMost - elapsed;
        var command = new BsonDocument { { "replSetReconfig", next }, { "maxTimeMS", MaxTime(left) } };
        command.Add("force", true, step.Force);
        return await SendAsync(target, step.RunOn, command, left, StepOutcomes.OfReconfig, cancellationToken);
    }

    private async Task<StepResult> StepDownAsync(ReplicaSetTarget target, StepDown step, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var (status, elapsed) = await _calls.RunAsync(target, step.PrimaryHost, MemberCommands.Admin, MemberCommands.Status, options.ProbeTimeout, cancellationToken);
        if (status.Whole("myState") != 1 || status.Whole("term") != step.Term)
        {
            throw new StepVoidException($"{step.PrimaryHost} is no longer primary in term {step.Term}");
        }

        // Somebody may have given others a priority since the successors were chosen.
        var version = status.Self().Whole("configVersion");
        if (step.ConfigVersion is { } chosenBy && version is { } now && now != chosenBy)
        {
            throw new StepVoidException($"the configuration of {step.PrimaryHost} has version {now} by now, the successors were chosen by version {chosenBy}");
        }

        var command = new BsonDocument { { "replSetStepDown", step.StepDownSecs }, { "secondaryCatchUpPeriodSecs", step.CatchUpSecs } };
        return await SendAsync(target, step.PrimaryHost, command, atMost - elapsed, StepOutcomes.Of, cancellationToken);
    }

    private Task<StepResult> InitiateAsync(ReplicaSetTarget target, Initiate step, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var config = new BsonDocument { { "_id", step.SetName }, { "members", new BsonArray { ConfigEditor.Member(step.Member) } } };
        return SendAsync(target, step.Member.Host, new BsonDocument("replSetInitiate", config), atMost, StepOutcomes.Of, cancellationToken);
    }

    private Task<StepResult> SetConcernAsync(
        ReplicaSetTarget target,
        SetDefaultWriteConcern step,
        string primary,
        TimeSpan atMost,
        CancellationToken cancellationToken)
    {
        var w = int.TryParse(step.W, out var members) ? (BsonValue)members : step.W;
        var command = new BsonDocument
        {
            { "setDefaultRWConcern", 1 },
            { "defaultWriteConcern", new BsonDocument { { "w", w }, { "wtimeout", step.WtimeoutMillis } } },
            { "maxTimeMS", MaxTime(atMost) },
        };
        return SendAsync(target, primary, command, atMost, StepOutcomes.Of, cancellationToken);
    }

    private async Task<StepResult> SendAsync(
        ReplicaSetTarget target,
        string host,
        BsonDocument command,
        TimeSpan atMost,
        Func<MongoFailure, StepOutcome> outcomeOf,
        CancellationToken cancellationToken)
    {
        try
        {
            await _calls.RunAsync(target, host, MemberCommands.Admin, command, atMost, cancellationToken);
            return StepResult.Succeeded;
        }
        catch (MongoCallException e)
        {
            return new StepResult(outcomeOf(e.Failure), e.Failure);
        }
        catch (OperationCanceledException)
        {
            return new StepResult(StepOutcome.Unknown, new MongoFailure(MongoFailureKind.TimedOut, 0, "", "the effect's deadline passed before the answer came"));
        }
    }

    private static int MaxTime(TimeSpan left) => (int)Math.Max(500, (left - ReplyMargin).TotalMilliseconds);

    private static StepResult Void(string why) => new(StepOutcome.Refused, new MongoFailure(MongoFailureKind.CommandFailed, 0, "StepVoid", why));
}
