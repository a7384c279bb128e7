using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning.Admission;
using MongoDB.Bson;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

public class UnansweredQuestionsTests
{
    private static readonly CommandReply TimedOut = new(null, new MongoFailure(MongoFailureKind.TimedOut, 0, "", "no answer before the deadline"));

    [Test]
    public void An_answer_that_came_leaves_nothing_open() => Assert.That(Of(Member()), Is.Empty);

    [Test]
    public void What_was_cut_off_is_named_with_its_cause()
    {
        var unanswered = Of(Member() with { FeatureCompatibility = TimedOut, CurrentOperations = TimedOut });
        Assert.That(unanswered.Keys, Is.EquivalentTo([Question.OpenWork, Question.FeatureCompatibilityVersion]));
        Assert.That(unanswered[Question.OpenWork], Is.EqualTo("TimedOut: no answer before the deadline"));
    }

    [Test]
    public void An_answer_without_what_it_should_have_is_none() =>
        Assert.That(Of(Member() with { FeatureCompatibility = new CommandReply(new BsonDocument("ok", 1), null) })[Question.FeatureCompatibilityVersion], Is.EqualTo("its answer has no such field"));

    [Test]
    public void A_default_that_nobody_set_is_an_answer() =>
        Assert.That(Of(Member() with { DefaultConcerns = Recording.Reply("real-5.0-005-primary-and-arbiter-key-file-users-exist-getdefaultrwconcern") }), Is.Empty);

    [Test]
    public void Of_a_member_that_tells_nothing_of_its_set_nothing_is_known()
    {
        var lost = new MemberReplies { Host = "a:1", Hello = TimedOut, Connection = TimedOut.Failure };
        Assert.That(Of(lost).Keys, Is.EquivalentTo(Enum.GetValues<Question>()));
    }

    [Test]
    public void An_unknown_subject_of_a_certificate_counts_as_a_member_without_users()
    {
        // The recorded answer to MONGODB-X509 on a member that was never initialised, as the driver hands it on; then 13 without a login.
        var refused = Recording.Reply("real-5.0-022-x-509-the-same-on-a-member-that-was-never-initialised").Failure!;
        var replies = new MemberReplies
        {
            Host = "a:1",
            LoggedIn = false,
            Connection = refused,
            Hello = new CommandReply(new BsonDocument { { "isWritablePrimary", false }, { "isreplicaset", true } }, null),
            Status = new CommandReply(null, FailureClassifier.FromCommand(13, "Unauthorized", "command replSetGetStatus requires authentication")),
        };

        var member = ObservationBuilder.Build([replies], ["a:1"], null, DateTimeOffset.UnixEpoch).Member("a:1");

        Assert.That(refused.Code, Is.EqualTo(11));
        Assert.That(member.OwnStatus, Is.EqualTo(OwnStatus.LoginRequired));
        Assert.That(MemberAdmission.RightSet(member, new ObservedReplicaSet { At = DateTimeOffset.UnixEpoch }, attested: true), Is.Null, "a person's word counts");
        Assert.That(MemberAdmission.RightSet(member, new ObservedReplicaSet { At = DateTimeOffset.UnixEpoch }, attested: false)!.Message, Does.Contain("11 for a certificate"));
    }

    [Test]
    public void A_retention_is_read_and_its_absence_is_none()
    {
        var recorded = Recording.Reply("real-5.0-011-p-s-a-serverstatus-oplogtruncation");
        Assert.That(Read(Member() with { OplogTruncation = recorded }).OplogRetention, Is.Null, "recorded without one");

        // The field as the manual names it (replSetResizeOplog: oplogTruncation.oplogMinRetentionHours).
        recorded.Document!["oplogTruncation"]["oplogMinRetentionHours"] = 36.5;
        Assert.That(Read(Member() with { OplogTruncation = recorded }).OplogRetention, Is.EqualTo(TimeSpan.FromHours(36.5)));
        recorded.Document["oplogTruncation"]["oplogMinRetentionHours"] = 0.0;
        Assert.That(Read(Member() with { OplogTruncation = recorded }).OplogRetention, Is.Null);
    }

    [TestCase(4L << 30, 24, null, 3, 18, Description = "6 GiB in 24 h where 4.5 GiB may be: without a retention")]
    [TestCase(4L << 30, 24, 48, 3, 48, Description = "the retention keeps more than the size")]
    [TestCase(4L << 30, 24, 12, 3, 18, Description = "the size keeps more than the retention")]
    public void An_oplog_keeps_what_its_size_or_its_retention_keeps_whichever_is_more(long size, int windowHours, int? retentionHours, int quarters, int hours)
    {
        var member = new ObservedMember
        {
            Host = "a:1",
            OplogCapacityBytes = size / 4 * quarters,
            OplogUsedBytes = size,
            OplogWindow = TimeSpan.FromHours(windowHours),
            OplogRetention = retentionHours is { } kept ? TimeSpan.FromHours(kept) : null,
        };
        Assert.That(OplogReach.Of(member, member), Is.EqualTo(TimeSpan.FromHours(hours)).Within(TimeSpan.FromSeconds(1)));
    }

    private static ObservedMember Read(MemberReplies replies) => MemberReader.Read(replies.Host, replies, null, null, stranger: null);

    private static IReadOnlyDictionary<Question, string> Of(MemberReplies replies) => Read(replies).Unanswered;

    private static MemberReplies Member() => new()
    {
        Host = "a:1",
        Hello = new CommandReply(new BsonDocument("setName", "rs0"), null),
        Status = new CommandReply(new BsonDocument { { "set", "rs0" }, { "myState", 2 } }, null),
        CurrentOperations = new CommandReply(new BsonDocument("cursor", new BsonDocument("firstBatch", new BsonArray())), null),
        FeatureCompatibility = new CommandReply(new BsonDocument("featureCompatibilityVersion", new BsonDocument("version", "7.0")), null),
        OplogStats = new CommandReply(new BsonDocument { { "size", 1L }, { "maxSize", 2L } }, null),
        BuildInfo = new CommandReply(new BsonDocument("version", "7.0.14"), null),
    };
}
