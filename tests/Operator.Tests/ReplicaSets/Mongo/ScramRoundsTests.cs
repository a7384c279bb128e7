using System.Text;
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
}
