using System.Diagnostics;
using Modestano.Crds.V1Alpha1;
using Modestano.Scenarios.Runtime;
using Modestano.Testbed;
using MongoDB.Bson;

namespace Modestano.Scenarios.ReplicaSets;

/// <summary>The controller on real wires: Kubernetes' API, the official driver, members on their own addresses.</summary>
[Category("Live")]
[CancelAfter(300_000)]
public sealed class LiveScenarios
{
    [Test]
    public async Task One_secondary_joins_from_London_then_two_more_then_the_primary_moves_and_no_write_is_lost()
    {
        await using var live = await LiveWorld.StartAsync();
        await live.ApplySetAsync(SampleNames.OldRegion, london: 1);
        var one = await live.SettledAsync();
        Assert.That((await live.StatusAsync()).Summary!.Members, Is.EqualTo("4/4"));

        await live.ApplySetAsync(SampleNames.OldRegion, london: 3);
        var three = await live.SettledAsync();
        Assert.That((await live.StatusAsync()).Summary!.Members, Is.EqualTo("6/6"));

        await live.ApplySetAsync(SampleNames.NewRegion, london: 3);
        var moved = await live.SettledAsync();
        var status = await live.StatusAsync();
        var lost = await live.LostAsync();

        TestContext.Out.WriteLine(
            $"one after {one.TotalSeconds:0.0} s, three after {three.TotalSeconds:0.0} s, moved after {moved.TotalSeconds:0.0} s; {live.Ledger.Acknowledged} writes, "
            + $"longest gap {live.Ledger.LongestGap.Length.TotalMilliseconds:0} ms, gap in status {status.LastHandOff?.WriteGapMillis} ms");
        Assert.That(status.PrimaryRegion, Is.EqualTo(SampleNames.NewRegion));
        Assert.That(live.Ledger.Failures, Is.Empty);
        Assert.That(lost, Is.Empty);
        Assert.That(status.LastHandOff?.WriteGapMillis, Is.Not.Null);
    }

    [Test]
    public async Task A_step_down_by_hand_is_in_status_at_once_and_is_put_right()
    {
        await using var live = await LiveWorld.StartAsync();
        await live.ApplySetAsync(SampleNames.OldRegion, london: 1);
        await live.SettledAsync();
        var before = (await live.StatusAsync()).Primary!;

        var watch = new Stopwatch();
        var reply = await live.World.AdministerAsync(before, BsonDocument.Parse("{ replSetStepDown: 30, secondaryCatchUpPeriodSecs: 2 }"), CancellationToken.None);
        Assert.That(reply["ok"].ToDouble(), Is.EqualTo(1));
        await Eventually.Is(async () => await live.World.PrimaryAsync(CancellationToken.None) is { } now && now != before, "there is a new primary");
        watch.Start();
        await Eventually.Is(async () => (await live.StatusAsync()).Primary is { } now && now != before, "status names it");

        TestContext.Out.WriteLine($"status named the new primary {watch.ElapsedMilliseconds} ms after it was one");
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(8)), "by the monitor's event, not by the look every ten seconds");
    }

    [Test]
    public async Task A_wrong_password_is_told_and_a_corrected_one_is_taken_without_a_restart()
    {
        await using var live = await LiveWorld.StartAsync();
        await live.ApplyAsync(Credentials("wrong"));
        await live.ApplySetAsync(SampleNames.OldRegion, london: 1);
        await live.IsToldOfAMemberAsync("AuthenticationFailed");

        await live.ApplyAsync(Credentials(SampleNames.OperatorPassword));
        await live.SettledAsync();

        Assert.That((await live.StatusAsync()).Conditions!.Single(c => c.Type == ConditionTypes.Ready).Status, Is.EqualTo("True"));
    }

    [Test]
    public async Task A_set_with_TLS_takes_a_member_in_and_a_wrong_tls_in_the_spec_is_told()
    {
        await using var live = await LiveWorld.StartAsync(tls: true);
        await A_set_with_TLS_is_run_and_a_wrong_tls_is_told(live);
    }

    /// <summary>The same on any backend; the members of <paramref name="live"/> speak TLS only.</summary>
    internal static async Task A_set_with_TLS_is_run_and_a_wrong_tls_is_told(LiveWorld live)
    {
        await live.ApplySetAsync(SampleNames.OldRegion, london: 0, tls: LiveWorld.Plain);
        await live.IsToldOfAMemberAsync("the member closed the connection: it may speak TLS only");
        await live.ApplySetAsync(SampleNames.OldRegion, london: 0, tls: "{mode: Required}");
        await live.IsToldOfAMemberAsync("TlsFailed");

        await live.ApplySetAsync(SampleNames.OldRegion, london: 1);
        await live.SettledAsync();
        Assert.That((await live.StatusAsync()).Summary!.Members, Is.EqualTo("4/4"));
        Assert.That(await live.LostAsync(), Is.Empty);
    }

    [Test]
    public async Task TLS_in_the_spec_for_members_without_it_is_told_as_such()
    {
        await using var live = await LiveWorld.StartAsync();
        await live.ApplySetAsync(SampleNames.OldRegion, london: 0, tls: "{mode: Required}");
        await live.IsToldOfAMemberAsync("the member does not speak TLS");
    }

    // Prepares the first members' users on their disks, and keeps the localhost exception from the new ones.
    [Test]
    [Category("EmbeddedOnly")]
    public async Task A_member_without_users_joins_on_a_persons_word_and_brings_its_users_from_the_set()
    {
        await using var live = await LiveWorld.StartAsync(newRegionWithoutUsers: true);
        await live.ApplySetAsync(SampleNames.OldRegion, london: 1);
        await Eventually.Is(
            async () => (await live.StatusAsync()).Conditions?.Any(c => c is { Type: ConditionTypes.Stalled, Status: "True", Reason: "MemberNotVerified" }) == true,
            "nothing is added on a guess",
            TimeSpan.FromSeconds(60));
        var told = (await live.StatusAsync()).Conditions!.Single(c => c.Type == ConditionTypes.Stalled).Message;
        Assert.That(told, Does.Contain("localhost exception").And.Contain("uninitialised: true").And.Contain(SampleNames.Members(SampleNames.NewRegion)[0]));
        Assert.That(await live.LineAsync(), Does.Match(@"\bFalse\s+Stalled\s+mongo-[abc]\.eu-west-1\S+\s+eu-west-1\s+3/3\s+eu-west-1:3\s").And.Contain("cannot be added"), "one line tells what it waits for");
        await live.ApplySetAsync(SampleNames.OldRegion, london: 1, uninitialised: true);
        await live.SettledAsync();
        var status = await live.StatusAsync();
        var member = status.Members!.Single(m => m.Region == SampleNames.NewRegion);
        Assert.That((status.Summary!.Members, member.State, member.Votes, member.Message), Is.EqualTo(("4/4", "SECONDARY", 1, (string?)null)));
        var line = await live.LineAsync();
        TestContext.Out.WriteLine(line);
        Assert.That(
            line,
            Does.Match(@"\bTrue\s+Settled\s+mongo-[abc]\.eu-west-1\S+\s+eu-west-1\s+4/4\s+eu-west-1:3 eu-west-2:1\s+(<1s|2s|5s|10s)\s").And.Contain("give a vote to").And.Contain("the replica set is what the spec asks for"),
            "healthy, where the primary is, how far behind the worst member is, what was done last");
        Assert.That(await live.LostAsync(), Is.Empty);
    }

    private static string Credentials(string password) => $"""
        apiVersion: v1
        kind: Secret
        metadata:
          name: marketplace-operator
        type: mongo.modestano.io/credentials
        stringData:
          username: {SampleNames.OperatorUser}
          password: {password}
        """;
}
