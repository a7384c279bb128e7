using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Modestano.Operator.Configuration;
using Modestano.Operator.Observability;
using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Hosting;

namespace Modestano.Operations.Tests.Logs;

/// <summary>What a line of the log tells, in both formats.</summary>
[NonParallelizable]
public sealed class OperatorLogTests
{
    [Test]
    public void A_plain_line_tells_time_level_object_pass_and_words()
    {
        var line = LineOf("plain");
        Assert.That(line, Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info: test\[0\] => MongoReplicaSet shop/marketplace pass 7 shop/marketplace: Reconfig begins$"));
    }

    [Test]
    public void A_JSON_line_has_object_pass_and_step_as_fields()
    {
        var line = JsonNode.Parse(LineOf("json"))!;
        var pass = line["Scopes"]![0]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)line["State"]!["Step"], Is.EqualTo("Reconfig"));
            Assert.That((string?)pass["controllerKind"], Is.EqualTo("MongoReplicaSet"));
            Assert.That((string?)pass["namespace"], Is.EqualTo("shop"));
            Assert.That((string?)pass["name"], Is.EqualTo("marketplace"));
            Assert.That((long?)pass["reconcileID"], Is.EqualTo(7));
            Assert.That((string?)line["Timestamp"], Does.Match(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"));
        }
    }

    private static string LineOf(string format)
    {
        var before = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            // The console's own thread has written everything when the provider is gone.
            using var services = new ServiceCollection().AddLogging(l => l.AddOperatorLog(new OperatorOptions { LogFormat = format })).BuildServiceProvider();
            var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("test");
            var key = new ObjectKey("shop", "marketplace");
            using (logger.BeginScope(new PassScope("MongoReplicaSet", key, 7)))
            {
                logger.LogInformation("{Key}: {Step} begins", key, "Reconfig");
            }
        }
        finally
        {
            Console.SetOut(before);
        }

        return output.ToString().TrimEnd();
    }
}
