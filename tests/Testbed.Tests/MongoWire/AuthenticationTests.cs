using Modestano.Testbed.Mongo.Auth;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>Logins and roles as the official driver meets them; texts and codes as a 4.9 server gave them.</summary>
public class AuthenticationTests
{
    private static readonly BsonDocument Ping = new("ping", 1);

    [TestCase("authMechanism=SCRAM-SHA-256")]
    [TestCase("authMechanism=SCRAM-SHA-1")]
    [TestCase(null)]
    public async Task A_user_logs_in_with_either_mechanism(string? options)
    {
        await using var member = await StartAsync();
        var client = member.Connect("root:rootpw", options);
        var status = await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("connectionStatus", 1));
        Assert.That(status["authInfo"]["authenticatedUsers"][0]["user"], Is.EqualTo((BsonValue)"root"));
        await client.GetDatabase("shop").GetCollection<BsonDocument>("items").InsertOneAsync(new BsonDocument("_id", 1));
    }

    [TestCase("root:bad", null, "SCRAM-SHA-256", "saslContinue", TestName = "A_wrong_password_is_refused")]
    [TestCase("nobody:bad", null, "SCRAM-SHA-1", "saslStart", TestName = "An_unknown_user_is_refused")]
    [TestCase("root:rootpw", "authSource=test", "SCRAM-SHA-1", "saslStart", TestName = "A_wrong_database_of_the_user_is_refused")]
    [TestCase("modern:pw", "authMechanism=SCRAM-SHA-1", "SCRAM-SHA-1", "saslStart", TestName = "A_mechanism_that_the_user_lacks_is_refused")]
    public async Task A_login_is_refused(string user, string? options, string mechanism, string command)
    {
        await using var member = await StartAsync();
        var error = await Assert.ThrowsAsync<MongoAuthenticationException>(
            () => member.Connect(user, options).GetDatabase("admin").RunCommandAsync<BsonDocument>(Ping));
        Assert.That(error!.Message, Is.EqualTo($"Unable to authenticate using sasl protocol mechanism {mechanism}."));
        var cause = (MongoCommandException)error.InnerException!;
        Assert.That((cause.Code, cause.CodeName, cause.Message), Is.EqualTo(
            (18, "AuthenticationFailed", $"Command {command} failed: Authentication failed..")));
    }

    [Test]
    public async Task Nobody_runs_commands_without_a_login_once_there_are_users()
    {
        await using var member = await StartAsync();
        var admin = member.Connect().GetDatabase("admin");
        Assert.That((await admin.RunCommandAsync<BsonDocument>(Ping))["ok"], Is.EqualTo((BsonValue)1.0));
        var error = await Assert.ThrowsAsync<MongoCommandException>(
            () => admin.RunCommandAsync<BsonDocument>(new BsonDocument("replSetGetStatus", 1)));
        Assert.That((error!.Code, error.Message), Is.EqualTo(
            (13, "Command replSetGetStatus failed: command replSetGetStatus requires authentication.")));
    }

    [Test]
    public async Task A_missing_role_is_named_with_the_command_and_without_its_password()
    {
        await using var member = await StartAsync();
        var admin = member.Connect("monitor:pw").GetDatabase("admin");
        var error = await Assert.ThrowsAsync<MongoCommandException>(() => admin.RunCommandAsync<BsonDocument>(
            new BsonDocument { { "createUser", "eve" }, { "pwd", "hunter2" }, { "roles", new BsonArray() } }));
        Assert.That(error!.Code, Is.EqualTo(13));
        Assert.That(error.Message, Does.StartWith(
            "Command createUser failed: not authorized on admin to execute command { createUser: \"eve\", pwd: \"xxx\", roles: [], $db: \"admin\""));
        Assert.That(error.Message, Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task From_the_same_machine_the_first_user_can_be_made_without_a_login_and_no_second_one()
    {
        var inner = new StandaloneMember();
        await using var member = new RunningMember(new AuthenticationLayer(inner, new UserStore(() => inner.Store), authorization: true));
        var admin = member.Connect().GetDatabase("admin");
        BsonDocument Create(string name) => new() { { "createUser", name }, { "pwd", "pw" }, { "roles", new BsonArray { "root" } } };

        var early = await Assert.ThrowsAsync<MongoCommandException>(
            () => admin.RunCommandAsync<BsonDocument>(new BsonDocument("serverStatus", 1)));
        Assert.That(early!.Message, Does.Contain("not authorized on admin to execute command { serverStatus: 1"));
        await admin.RunCommandAsync<BsonDocument>(Create("root"));
        var late = await Assert.ThrowsAsync<MongoCommandException>(() => admin.RunCommandAsync<BsonDocument>(Create("second")));
        Assert.That(late!.Message, Does.Contain("command createUser requires authentication"));
    }

    [Test]
    public async Task Roles_given_and_taken_count_at_once()
    {
        await using var member = await StartAsync();
        var root = member.Connect("root:rootpw").GetDatabase("admin");
        var items = member.Connect("monitor:pw").GetDatabase("shop").GetCollection<BsonDocument>("items");
        Task InsertAsync() => items.InsertOneAsync(new BsonDocument());
        BsonDocument Change(string command) => new()
        {
            { command, "monitor" }, { "roles", new BsonArray { new BsonDocument { { "role", "readWrite" }, { "db", "shop" } } } },
        };

        await Assert.ThrowsAsync<MongoCommandException>(InsertAsync);
        await root.RunCommandAsync<BsonDocument>(Change("grantRolesToUser"));
        await InsertAsync();
        await root.RunCommandAsync<BsonDocument>(Change("revokeRolesFromUser"));
        await Assert.ThrowsAsync<MongoCommandException>(InsertAsync);
    }

    [Test]
    public async Task A_connection_whose_user_was_dropped_is_one_on_which_nobody_is_logged_in()
    {
        await using var member = await StartAsync();
        var monitor = member.Connect("monitor:pw").GetDatabase("admin");
        await monitor.RunCommandAsync<BsonDocument>(new BsonDocument("usersInfo", "monitor"));
        await member.Connect("root:rootpw").GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("dropUser", "monitor"));

        var error = await Assert.ThrowsAsync<MongoCommandException>(() => monitor.RunCommandAsync<BsonDocument>(new BsonDocument("usersInfo", "monitor")));
        Assert.That((error!.Code, error.Message), Is.EqualTo((13, "Command usersInfo failed: command usersInfo requires authentication.")));
    }

    [Test]
    public async Task Users_are_shown_without_their_credentials()
    {
        await using var member = await StartAsync();
        var reply = await member.Connect("root:rootpw").GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("usersInfo", "modern"));
        Assert.That(reply["users"][0].AsBsonDocument, Is.EqualTo(BsonDocument.Parse(
            "{_id: 'admin.modern', user: 'modern', db: 'admin', roles: [], mechanisms: ['SCRAM-SHA-256']}")));
    }

    [Test]
    public async Task An_unknown_role_is_refused_by_name()
    {
        await using var member = await StartAsync();
        var error = await Assert.ThrowsAsync<MongoCommandException>(() => member.Connect("root:rootpw").GetDatabase("admin")
            .RunCommandAsync<BsonDocument>(BsonDocument.Parse("{createUser: 'zz', pwd: 'p', roles: ['nosuch']}")));
        Assert.That((error!.Code, error.Message), Is.EqualTo((31, "Command createUser failed: Could not find role: nosuch@admin.")));
    }

    private static Task<RunningMember> StartAsync()
    {
        var inner = new StandaloneMember();
        Add(UserRecord.WithPassword("admin", "root", "rootpw", [new RoleName("root", "admin")]));
        Add(UserRecord.WithPassword("admin", "modern", "pw", [], [ScramMechanism.Sha256]));
        Add(UserRecord.WithPassword("admin", "monitor", "pw", [new RoleName("clusterMonitor", "admin")]));
        return Task.FromResult(new RunningMember(new AuthenticationLayer(inner, new UserStore(() => inner.Store), authorization: true)));

        void Add(UserRecord user) =>
            inner.Store.Apply(new Mongo.Storage.OplogOperation("i", UserRecord.Collection, user.ToBson()));
    }
}
