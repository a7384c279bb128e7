using System.Net;
using Modestano.Testbed.Mongo.Wire;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Connections;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>The world's names, which no resolver knows, reached by the official driver.</summary>
public class Socks5ProxyTests
{
    private const string Host = "mongo-a.eu-west-1.modestano.test";

    [Test]
    public async Task The_driver_reaches_a_member_by_a_name_that_only_the_proxy_knows()
    {
        await using var member = new RunningMember(new StandaloneMember());
        await using var proxy = new Socks5Proxy(new IPEndPoint(IPAddress.Loopback, 0));
        proxy.Map($"{Host}:27017", member.Listener.EndPoint);
        var reply = await Through(proxy, member, Host).RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1));
        Assert.That(reply["ok"], Is.EqualTo((BsonValue)1.0));
    }

    [TestCase("mongo-z.eu-west-1.modestano.test", TestName = "A_name_that_is_not_in_the_world_is_unreachable")]
    [TestCase(Host, TestName = "A_member_whose_port_is_closed_is_refused")]
    public async Task A_member_that_is_not_there_is_an_error_of_server_selection(string host)
    {
        await using var member = new RunningMember(new StandaloneMember());
        await using var proxy = new Socks5Proxy(new IPEndPoint(IPAddress.Loopback, 0));
        proxy.Map($"{Host}:27017", member.Listener.EndPoint);
        member.Listener.Close(reset: true);
        var error = await Assert.ThrowsAsync<TimeoutException>(
            () => Through(proxy, member, host).RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1)));
        Assert.That(error!.Message, Does.Contain("SOCKS5"));
    }

    private static IMongoDatabase Through(Socks5Proxy proxy, RunningMember member, string host) => member
        .Connect(configure: settings =>
        {
            settings.Server = new MongoServerAddress(host, 27017);
            settings.ServerSelectionTimeout = TimeSpan.FromSeconds(1.5);
            settings.Socks5ProxySettings = new Socks5ProxySettings(proxy.EndPoint.Address.ToString(), proxy.EndPoint.Port);
        })
        .GetDatabase("admin");
}
