using System.Text;
using Microsoft.Extensions.Time.Testing;
using Modestano.Operator.ReplicaSets.Mongo;

namespace Modestano.Operator.Tests.ReplicaSets.Mongo;

/// <summary>A member cannot make the operator hash for half an hour, nor let it off cheaply.</summary>
[Category("Hostile")]
public sealed class ScramRoundsTests
{
    [TestCase("r=abc,s=c2FsdA==,i=4096")]
    [TestCase("r=abc,s=c2FsdA==,i=15000")]
    [TestCase("r=abc,s=c2FsdA==,i=1000000")]
    [TestCase("v=c2lnbmF0dXJl")]
    [TestCase("")]
    public void What_servers_ask_for_is_done(string message) => Assert.DoesNotThrow(() => ScramRounds.Check(Encoding.UTF8.GetBytes(message), ScramRounds.Most));

    [TestCase("r=abc,s=c2FsdA==,i=4095")]
    [TestCase("r=abc,s=c2FsdA==,i=1000001")]
    [TestCase("r=abc,s=c2FsdA==,i=2147483647")]
    [TestCase("r=abc,s=c2FsdA==,i=99999999999999999999")]
    [TestCase("r=abc,s=c2FsdA==,i=-1")]
    [TestCase("r=abc,s=c2FsdA==,i=")]
    public void Anything_else_ends_the_login(string message) => Assert.Throws<ScramRoundsException>(() => ScramRounds.Check(Encoding.UTF8.GetBytes(message), ScramRounds.Most));

    [Test]
    public void The_first_message_has_nothing_of_a_server() => Assert.DoesNotThrow(() => ScramRounds.Check(null, ScramRounds.Most));

    [TestCase(15_000, "r=abc,s=c2FsdA==,i=15000", true)]
    [TestCase(15_000, "r=abc,s=c2FsdA==,i=15001", false)]
    [TestCase(2_000_000, "r=abc,s=c2FsdA==,i=2000000", true)]
    public void How_many_are_too_many_is_for_the_configuration_to_say(int most, string message, bool isDone)
    {
        void Check() => ScramRounds.Check(Encoding.UTF8.GetBytes(message), most);
        if (isDone)
        {
            Assert.DoesNotThrow(Check);
        }
        else
        {
            Assert.That(Assert.Throws<ScramRoundsException>(Check)!.Message, Does.Contain($"{most}").And.Contain("--mongo-max-scram-iterations"));
        }
    }

    [Test]
    public void Servers_that_show_another_salt_each_time_are_computed_for_no_more_than_now_and_then()
    {
        var time = new FakeTimeProvider();
        var budget = new ScramBudget(1_000_000, time, new HashingBudget(1_000_000, time));
        var taken = 0;
        for (var i = 0; i < 600; i++)
        {
            try
            {
                budget.Take(Encoding.UTF8.GetBytes($"r=abc{i},s=salt{i},i=1000000"));
                taken++;
            }
            catch (ScramRoundsException e)
            {
                Assert.That(e.Message, Does.Contain("other salts"));
            }

            time.Advance(TimeSpan.FromSeconds(0.1));
        }

        Assert.That(taken, Is.EqualTo(3).Within(1), "in a minute");
    }

    [Test]
    public void A_set_with_one_salt_logs_in_as_often_as_it_likes()
    {
        var time = new FakeTimeProvider();
        var budget = new ScramBudget(15_000, time, new HashingBudget(15_000, time));
        for (var i = 0; i < 1000; i++)
        {
            budget.Take(Encoding.UTF8.GetBytes($"r=abc{i},s=salt,i=15000"));
        }
    }

    [Test]
    public void A_hundred_sets_of_one_namespace_that_change_their_salts_take_no_more_than_an_eighth_of_a_processor()
    {
        var time = new FakeTimeProvider();
        var (all, rounds) = (new HashingBudget(1_000_000, time), 0L);
        var sets = Enumerable.Range(0, 100).Select(_ => new ScramBudget(1_000_000, time, all)).ToList();
        for (var second = 0; second < 600; second++)
        {
            foreach (var set in sets)
            {
                try
                {
                    set.Take(Encoding.UTF8.GetBytes($"r=abc,s=salt{second},i=1000000"));
                    rounds += 1_000_000;
                }
                catch (ScramRoundsException)
                {
                    // It is tried again in the next second.
                }
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        // Half a microsecond each.
        Assert.That(rounds * 0.5e-6 / 600, Is.LessThan(0.14), "processors");
    }

    [Test]
    public void A_thousand_sets_of_one_namespace_log_in_for_the_first_time_within_a_minute()
    {
        var time = new FakeTimeProvider();
        var (all, loggedIn) = (new HashingBudget(ScramRounds.Most, time), 0);
        for (var second = 0; second < 60; second++, time.Advance(TimeSpan.FromSeconds(1)))
        {
            while (loggedIn < 1000 && all.TryTake(15_000))
            {
                loggedIn++;
            }
        }

        Assert.That(loggedIn, Is.EqualTo(1000));
    }
}
