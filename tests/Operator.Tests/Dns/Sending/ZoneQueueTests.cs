using Amazon.Runtime;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Route53.Transport;
using Modestano.Operator.Dns.Sending;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Tests.Dns.Sending;

public sealed class ZoneQueueTests
{
    private static readonly Route53Account Shop = Account();
    private static readonly Route53Account Blog = Account();

    [Test]
    public void Nobodys_credentials_carry_what_another_namespace_wants()
    {
        var queue = new ZoneQueue();
        foreach (var (account, name) in new[] { (Shop, "s1"), (Blog, "b1"), (Shop, "s2"), (Blog, "b2") })
        {
            queue.Add(Part(account, name));
        }

        Assert.That(queue.Take().Select(p => p.Key.Name), Is.EqualTo(new[] { "s1", "s2" }));
        Assert.That(queue.Take().Select(p => p.Key.Name), Is.EqualTo(new[] { "b1", "b2" }));
        Assert.That(queue.Take(), Is.Empty);
    }

    [TestCase(1, 4, 250, TestName = "a thousand values, which is 250 records of two sets each deleted and made")]
    [TestCase(100, 4, 80, TestName = "32,000 characters")]
    public void A_batch_holds_what_the_service_takes(int characters, int values, int records)
    {
        var queue = new ZoneQueue();
        for (var i = 0; i < 300; i++)
        {
            queue.Add(Part(Shop, $"r{i}", values, characters));
        }

        Assert.That(queue.IsFull);
        Assert.That(queue.Take(), Has.Count.EqualTo(records));
    }

    [Test]
    public void One_sends_at_a_time_and_the_next_who_asks_after_it_has_ended_sends_again()
    {
        var queue = new ZoneQueue();

        Assert.That(queue.Add(Part(Shop, "first")), "nobody sends yet");
        Assert.That(queue.Add(Part(Shop, "second")), Is.False);
        queue.Take();
        Assert.That(queue.Add(Part(Shop, "third")), Is.False, "the batch is under way");
        queue.Take();
        queue.Take();
        Assert.That(queue.Add(Part(Shop, "fourth")));
    }

    [Test]
    public void What_waits_is_forgotten_with_the_lead()
    {
        var queue = new ZoneQueue();
        queue.Add(Part(Shop, "first", values: 2000));
        queue.Clear();

        Assert.That((queue.IsFull, queue.Take().Count), Is.EqualTo((false, 0)));
    }

    private static Route53Account Account() => new(new AmazonRoute53Client(new BasicAWSCredentials("AKIDEXAMPLE", "secret"), new AmazonRoute53Config("eu-west-1")), "one account");

    private static BatchPart Part(Route53Account account, string name, int values = 4, int characters = 9) => new()
    {
        Key = new ObjectKey("shop", name),
        Uid = name,
        Account = account,
        ZoneId = "Z1",
        Changes = [.. Enumerable.Range(0, values).Select(i => new RecordChange(i % 2 == 1, new RecordSet { Name = name, Type = "A", SetIdentifier = $"{i}", Values = [new string('1', characters)] }))],
        Comment = name,
        MayStill = _ => Task.FromResult(Permission.Given),
        Told = _ => { },
    };
}
