using Microsoft.Extensions.Time.Testing;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.Runtime;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

public class MemberProbeTests
{
    private static readonly TimeSpan Set = TimeSpan.FromSeconds(2.5);

    [TestCase(1)]
    [TestCase(80)]
    [TestCase(200)]
    [TestCase(400)]
    public void Every_question_is_answered_however_far_the_member_is(int roundTripMillis)
    {
        var member = new FarMember(TimeSpan.FromMilliseconds(roundTripMillis));

        var (replies, _) = member.Ask();

        Assert.That(Unanswered(replies), Is.Empty);
    }

    [Test]
    public void A_member_that_is_known_to_be_far_is_asked_all_at_once_what_its_status_does_not_decide()
    {
        var member = new FarMember(TimeSpan.FromMilliseconds(200)) { Known = TimeSpan.FromMilliseconds(200) };

        var (replies, took) = member.Ask();

        Assert.That(Unanswered(replies), Is.Empty);
        Assert.That(took, Is.LessThanOrEqualTo(TimeSpan.FromMilliseconds(610)), "hello, status, and the rest together");
    }

    [Test]
    public void A_member_next_door_is_asked_over_one_connection()
    {
        var member = new FarMember(TimeSpan.FromMilliseconds(2)) { Known = TimeSpan.FromMilliseconds(2) };
        member.Ask();
        Assert.That(member.MostAtOnce, Is.EqualTo(1));
    }

    [Test]
    public void A_member_that_answers_nothing_costs_what_is_configured()
    {
        var (replies, took) = new FarMember(TimeSpan.FromHours(1)).Ask();
        Assert.That(took, Is.EqualTo(Set).Within(TimeSpan.FromMilliseconds(20)));
        Assert.That(replies.Connection!.Kind, Is.EqualTo(MongoFailureKind.TimedOut));
    }

    [TestCase(0)]
    [TestCase(200)]
    public void A_member_that_freezes_in_the_middle_costs_one_question_and_what_it_did_not_answer_is_not_known(int roundTripMillis)
    {
        var member = new FarMember(TimeSpan.FromMilliseconds(roundTripMillis)) { FreezesAt = "getParameter" };

        var (replies, took) = member.Ask();

        Assert.That(took, Is.LessThan(Set + TimeSpan.FromMilliseconds((10 + 9) * roundTripMillis) + TimeSpan.FromMilliseconds(100)));
        Assert.That(replies.OplogStats.Document, Is.Not.Null);
        Assert.That(replies.FeatureCompatibility.Failure!.Kind, Is.EqualTo(MongoFailureKind.TimedOut));
        Assert.That(replies.Databases.Failure!.Kind, Is.EqualTo(MongoFailureKind.TimedOut));
    }

    [Test]
    public void A_slow_login_makes_no_member_far_so_one_that_freezes_after_it_costs_what_a_near_one_costs()
    {
        var member = new FarMember(TimeSpan.FromMilliseconds(20)) { Known = TimeSpan.FromMilliseconds(20), Login = TimeSpan.FromSeconds(1.5), FreezesAt = "replSetGetStatus" };

        var (replies, took) = member.Ask();

        Assert.That(replies.Status.Failure!.Kind, Is.EqualTo(MongoFailureKind.TimedOut));
        Assert.That(took, Is.LessThan(Set + TimeSpan.FromSeconds(2)), "the login, and one question with the round trips of a member next door");
    }

    [Test]
    public void A_server_that_does_not_know_hello_is_asked_by_its_older_name()
    {
        // 4.4.0 and 4.4.1.
        var member = new FarMember(TimeSpan.FromMilliseconds(1)) { IsOld = true };

        var (replies, _) = member.Ask();

        Assert.That(replies.Connection, Is.Null);
        Assert.That(replies.Hello.Document!["ismaster"].AsBoolean, Is.True);
        Assert.That(replies.DefaultConcerns.Document, Is.Not.Null, "asked of a primary only");
    }

    // A volume is asked of members that are in no set.
    private static List<string> Unanswered(MemberReplies replies) =>
        [.. typeof(MemberReplies).GetProperties().Where(p => p.Name != nameof(MemberReplies.Volume) && p.PropertyType == typeof(CommandReply) && ((CommandReply)p.GetValue(replies)!).Document is null).Select(p => p.Name)];

    /// <summary>A primary that answers each command a round trip later, in virtual time.</summary>
    private sealed class FarMember(TimeSpan roundTrip) : IMemberCalls
    {
        private readonly FakeTimeProvider _time = new();
        private int _open;

        public TimeSpan? Known { get; init; }

        public string? FreezesAt { get; init; }

        public bool IsOld { get; init; }

        /// <summary>What the first answer takes more, as the connection and the login come before it.</summary>
        public TimeSpan Login { get; init; }

        public int MostAtOnce { get; private set; }

        public (MemberReplies Replies, TimeSpan Took) Ask()
        {
            var begun = _time.GetTimestamp();
            var asking = new MemberProbe(this, new ReplicaSetTarget(new ObjectKey("shop", "marketplace"), new ReplicaSetConnection()), "a:1", Set, _time).AskAsync(CancellationToken.None);
            while (Waits(asking))
            {
                _time.Advance(TimeSpan.FromMilliseconds(1));
            }

            return (asking.Result, _time.GetElapsedTime(begun));
        }

        /// <summary>Virtual time passes only while an answer is waited for; false: all has been asked.</summary>
        private bool Waits(Task asking)
        {
            SpinWait.SpinUntil(() => asking.IsCompleted || Volatile.Read(ref _open) > 0, TimeSpan.FromSeconds(10));
            return !asking.IsCompleted;
        }

        public void Begin(ObjectKey set)
        {
        }

        public TimeSpan? RoundTrip(ReplicaSetTarget target, string host) => Known;

        public async Task<(BsonDocument Reply, TimeSpan Elapsed)> RunAsync(
            ReplicaSetTarget target, string host, string database, BsonDocument command, TimeSpan deadline, CancellationToken cancellationToken)
        {
            var name = command.GetElement(0).Name;
            var isLate = name == FreezesAt || roundTrip > deadline;
            var takes = roundTrip + (name == "hello" ? Login : TimeSpan.Zero);
            var answer = Task.Delay(isLate ? deadline : takes, _time, cancellationToken);
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _open));
            await answer;
            Interlocked.Decrement(ref _open);
            if (IsOld && name == "hello")
            {
                throw new MongoCallException(host, name, FailureClassifier.FromCommand(59, "CommandNotFound", "no such command: 'hello'"));
            }

            if (name == "isMaster")
            {
                return (new BsonDocument("ismaster", true), roundTrip);
            }

            return isLate
                ? throw new MongoCallException(host, name, new MongoFailure(MongoFailureKind.TimedOut, 0, "", "no answer before the deadline"))
                : (name == "hello" ? new BsonDocument("isWritablePrimary", true) : new BsonDocument("ok", 1), takes);
        }

        public void Rest(ObjectKey set, string? host)
        {
        }

        public void Forget(ObjectKey set)
        {
        }
    }
}
