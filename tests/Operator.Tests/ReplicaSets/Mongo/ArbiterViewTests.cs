using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets.Decision;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Topology;
using Modestano.Operator.Runtime;
using Modestano.Operator.Tests.ReplicaSets.Planning;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

/// <summary>A recorded 5.0 with authorization: its arbiter has no users, refuses every login with 18, and answers its hello to anybody.</summary>
public class ArbiterViewTests
{
    private const string PrimaryHost = "127.0.0.1:29217";
    private const string ArbiterHost = "127.0.0.1:29219";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1796031746925);

    [Test]
    public void The_anonymous_hello_of_an_arbiter_tells_whom_it_takes_for_the_primary()
    {
        var observed = Build(Primary(), Arbiter());

        Assert.That(observed.PrimaryViews.Select(v => (v.Host, v.Primary)), Is.EqualTo([(PrimaryHost, PrimaryHost), (ArbiterHost, PrimaryHost)]));
        Assert.That(observed.Member(ArbiterHost), Has.Property(nameof(ObservedMember.OwnStatus)).EqualTo(OwnStatus.Arbiter)
            .And.Property(nameof(ObservedMember.State)).EqualTo(MemberState.Arbiter)
            .And.Property(nameof(ObservedMember.Reachable)).True
            .And.Property(nameof(ObservedMember.Healthy)).True
            .And.Property(nameof(ObservedMember.ConnectionError)).Null);
        var desired = new DesiredTopology { SetName = "rs0", PrimaryRegion = "a", Owner = Sets.Owner, Members = [new() { Host = PrimaryHost, Region = "a" }, new() { Host = ArbiterHost, Region = "b", ArbiterOnly = true, Votes = 1 }] };
        var decision = Planner.Next(new(observed, desired, Sets.Policy with { AdoptionNeedsApproval = false }, PlanningHistory.Empty));
        Assert.That(Sets.Words(decision), Does.Not.StartWith(PlanReasons.SplitView));
    }

    [Test]
    public void An_arbiter_that_the_configuration_does_not_name_has_no_view()
    {
        var observed = Build(Primary(), Arbiter() with { Host = "127.0.0.1:29999" });

        Assert.That(observed.PrimaryViews.Select(v => v.Host), Is.EqualTo([PrimaryHost]));
    }

    [Test]
    public async Task No_login_is_tried_again_on_a_member_that_says_that_it_is_an_arbiter([Values] bool becomesOneMeanwhile)
    {
        var calls = new Calls(becomesOneMeanwhile);
        var gateway = new MongoReplicaSetGateway(calls, new MongoConnectionOptions { LeastSecurity = LeastSecurity.Any, Grants = GrantsFile.Parse("hosts: [{namespaces: [shop], cidrs: [127.0.0.0/8], ports: [29219]}]", "grants.yaml") }, TimeProvider.System);
        var login = new ReplicaSetConnection { Mechanism = "SCRAM-SHA-256", UserName = "operator", Password = "s3cret" };

        var replies = await gateway.ObserveAsync(new ReplicaSetTarget(new ObjectKey("shop", "marketplace"), login), [ArbiterHost], ObservationReach.AllMembers, CancellationToken.None);

        Assert.That(calls.Sent.Where(s => s.Command == "hello"), Is.EqualTo([("hello", "SCRAM-SHA-256"), ("hello", null)]), "the client knows from its monitor, which does not log in");
        Assert.That((replies[0].Connection, replies[0].LoggedIn, MemberReader.IsArbiter(replies[0])), Is.EqualTo(((MongoFailure?)null, false, true)));
    }

    private static ObservedReplicaSet Build(params MemberReplies[] replies) => ObservationBuilder.Build(replies, [.. replies.Select(r => r.Host)], null, Now);

    private static MemberReplies Primary()
    {
        var hello = new BsonDocument { { "isWritablePrimary", true }, { "setName", "rs0" }, { "primary", PrimaryHost }, { "me", PrimaryHost } };
        var config = Recording.Command("real-5.0-007-primary-and-arbiter-key-file-users-exist-a-data-bearing-member-joins-h")["replSetReconfig"].AsBsonDocument;
        config["members"].AsBsonArray.RemoveAt(2);
        return new MemberReplies
        {
            Host = PrimaryHost,
            HelloAt = Now,
            Hello = new CommandReply(hello, null),
            Status = Recording.Reply("real-5.0-006-primary-and-arbiter-key-file-users-exist-replsetgetstatus"),
            Config = new CommandReply(new BsonDocument { { "config", config }, { "commitmentStatus", true } }, null),
        };
    }

    private static MemberReplies Arbiter() => new() { Host = ArbiterHost, HelloAt = Now, LoggedIn = false, Hello = Hello };

    private static CommandReply Hello => Recording.Reply("real-5.0-002-primary-and-arbiter-key-file-users-exist-hello-on-the-arbiter-without-");

    /// <summary>As <see cref="IMemberCalls"/> says of an arbiter.</summary>
    private sealed class Calls(bool becomesOneMeanwhile) : IMemberCalls
    {
        public List<(string Command, string? Mechanism)> Sent { get; } = [];

        public Task<(BsonDocument Reply, TimeSpan Elapsed)> RunAsync(ReplicaSetTarget target, string host, string database, BsonDocument command, TimeSpan deadline, CancellationToken cancellationToken)
        {
            Sent.Add((command.GetElement(0).Name, target.Connection.Mechanism));
            return target.Connection.Mechanism is null || (becomesOneMeanwhile && Sent.Count == 1)
                ? Task.FromResult((Hello.Document!, TimeSpan.Zero))
                : throw new MongoCallException(host, command.GetElement(0).Name, MongoFailure.Arbiter);
        }

        public void Begin(ObjectKey set)
        {
        }

        public TimeSpan? RoundTrip(ReplicaSetTarget target, string host) => null;

        public void Rest(ObjectKey set, string? host)
        {
        }

        public void Forget(ObjectKey set)
        {
        }
    }
}
