using System.Diagnostics;
using Modestano.Testbed.Mongo;
using Modestano.Testbed.Mongo.Auth;
using MongoDB.Driver;

namespace Modestano.Testbed.Tests.MongoWire;

/// <summary>Debian's pymongo 3.11, an older driver with its own ideas, on an embedded set with logins and TLS.</summary>
[Category("RealClients")]
public class PymongoTests
{
    private const string Python = "/usr/bin/python3";

    [TestCase("SCRAM-SHA-256")]
    [TestCase("SCRAM-SHA-1")]
    public async Task Pymongo_works_through_a_step_down(string mechanism)
    {
        var (installed, _) = await RunAsync("-c", "import pymongo");
        Assert.That(installed, Is.Zero, "pymongo is missing; `make tools` installs it (Debian: apt-get install python3-pymongo)");

        // pymongo 3.11 knows no SOCKS5, so the members are known by addresses.
        string[] hosts = [.. Enumerable.Range(0, 3).Select(_ => $"{LoopbackAddresses.Next()}:27017")];
        var options = new EmbeddedMongoOptions
        {
            Members = [],
            Authorization = true,
            Tls = new EmbeddedMongoTls(),
            Proxy = false,
            Users = [new EmbeddedMongoUser("root", "rootpw", [new RoleName("root", "admin")])],
        };
        await using var set = await EmbeddedSet.StartAsync(options, MongoCredential.CreateCredential("admin", "root", "rootpw"), hosts);
        var authority = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"pymongo-ca-{Guid.NewGuid():N}.pem");
        await File.WriteAllTextAsync(authority, set.Mongo.CertificateAuthorityPem);
        var (exit, output) = await RunAsync(
            Path.Combine(TestContext.CurrentContext.TestDirectory, "MongoWire", "Scripts", "pymongo_on_a_set.py"),
            $"mongodb://root:rootpw@{hosts[1]}/?replicaSet=rs0&authSource=admin&authMechanism={mechanism}", authority);
        File.Delete(authority);
        Assert.That(exit, Is.Zero, output);
        Assert.That(output, Does.StartWith("ok "));
    }

    private static async Task<(int Exit, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
