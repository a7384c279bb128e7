using System.Text;
using CsCheck;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Dns.Control;
using Modestano.Operator.Dns.Decision;
using Modestano.Operator.Dns.Observation;
using Modestano.Operator.Dns.Ownership;
using Modestano.Operator.Dns.Planning;
using Modestano.Operator.Dns.Records;
using Modestano.Operator.Dns.Route53;
using Modestano.Operator.Dns.Route53.Model;
using Modestano.Operator.Dns.Route53.Transport;
using Modestano.Operator.Dns.Status;

namespace Modestano.Operator.Tests.Dns.Route53;

/// <summary>Whatever a server answers is read, or is told to be unreadable, and nothing else: a pass goes on from either.</summary>
public sealed class ForeignAnswerTests
{
    private static readonly RecordedExchange[] Recorded = [.. RecordedExchange.Names.Select(RecordedExchange.Read).Where(r => RecordedCall.Of(r) is not null)];

    private static readonly string[] Odd =
    [
        "", "-1", "256", "99999999999999999999", "NaN", "1e3", " 60 ", "true", "TRUE", "null", "..", "/", "/hostedzone/", "\0", "&lt;", "\u00e9\ud83d\ude00", "2026-13-40T99:99:99Z",
        "<Weight>7</Weight>", "<Weight/>", "<SetIdentifier>eu-west-1</SetIdentifier>", "<IsTruncated>true</IsTruncated>", "]]>", "<!-- -->", "<![CDATA[x]]>", "<?x y?>", new string('9', 5000),
    ];

    private static readonly Gen<(int Recording, int Status, (int At, int Length, int What)[] Edits)> Mutations = Gen.Select(
        Gen.Int[0, Recorded.Length - 1],
        Gen.Frequency((8, Gen.Const(0)), (1, Gen.OneOfConst(200, 204, 301, 307, 400, 403, 404, 429, 500, 503))),
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 40], Gen.Int[0, 99]).Array[1, 6]);

    [Test]
    public void Ten_thousand_mutated_recordings_throw_nothing_out_of_a_pass() => Mutations.Holds(
        mutation =>
        {
            var recorded = Recorded[mutation.Recording];
            var body = Mutate(recorded.ResponseBody, mutation.Edits);
            using var service = new ScriptedService().Answer(mutation.Status == 0 ? recorded.Status : mutation.Status, body, recorded.ContentType);
            using var client = service.Client(retries: 0);
            try
            {
                Use(RecordedCall.Of(recorded)!(client).GetAwaiter().GetResult());
            }
            catch (Exception e) when (Route53Failure.Of(e) is { } failure)
            {
                Assert.That(failure.Message, Is.Not.Empty.And.Length.LessThan(2500));
            }
        },
        draws: 10_000,
        print: mutation => $"{Recorded[mutation.Recording].Name} {mutation.Status}: {Mutate(Recorded[mutation.Recording].ResponseBody, mutation.Edits)}");

    private static IEnumerable<TestCaseData> Hostile()
    {
        const string Head = """<?xml version="1.0"?>""";
        yield return Case("a DTD with an entity", Head + """<!DOCTYPE a [<!ENTITY b "c">]><GetChangeResponse>&b;</GetChangeResponse>""", "DTD");
        yield return Case("a million elements deep", Head + string.Concat(Enumerable.Repeat("<a>", 1_000_000)), "32 elements deep");
        yield return Case("seventeen MiB", Head + "<a>" + new string('x', 17 << 20), "larger than 16 MiB");
        yield return Case("another document", Head + "<html><body>502</body></html>", "has no ChangeInfo");
        yield return Case("no document", "", "empty");
        yield return Case("an id that climbs", Head + "<a><ChangeInfo><Id>/change/..</Id><Status>PENDING</Status><SubmittedAt>2026-11-30T00:00:00Z</SubmittedAt></ChangeInfo></a>", "an Id that is none");

        static TestCaseData Case(string what, string body, string told) => new TestCaseData(body, told).SetArgDisplayNames(what);
    }

    [TestCaseSource(nameof(Hostile))]
    public async Task A_hostile_body_is_refused_and_why_is_told(string body, string told)
    {
        using var service = new ScriptedService().Answer(200, body);
        using var client = service.Client(retries: 0);

        var refusal = Route53Failure.Of((await Refusal.OfAsync(() => client.GetChangeAsync(new() { Id = "C1" })))!);

        Assert.That(refusal!.Kind, Is.EqualTo(Route53FailureKind.Unreadable));
        Assert.That(refusal.Message, Does.Contain(told));
    }

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task A_redirect_to_another_host_is_not_followed(int status)
    {
        using var elsewhere = new System.Net.HttpListener();
        elsewhere.Prefixes.Add($"http://127.0.0.1:{FreePort(out var there)}/");
        elsewhere.Start();
        using var here = new System.Net.HttpListener();
        here.Prefixes.Add($"http://127.0.0.1:{FreePort(out var port)}/");
        here.Start();
        var followed = elsewhere.GetContextAsync();
        var answered = Task.Run(async () =>
        {
            var context = await here.GetContextAsync();
            context.Response.StatusCode = status;
            context.Response.RedirectLocation = $"http://127.0.0.1:{there}/2013-04-01/change/C1";
            context.Response.Close();
        });
        using var client = new AmazonRoute53Client(new Amazon.Runtime.BasicAWSCredentials("a", "b"), new AmazonRoute53Config { ServiceURL = $"http://127.0.0.1:{port}/", MaxErrorRetry = 0 });

        var refusal = Route53Failure.Of((await Refusal.OfAsync(() => client.GetChangeAsync(new() { Id = "C1" })))!);
        await answered;

        Assert.That(refusal!.Message, Does.Contain($"HTTP status {status}, which points to another address; it is not followed"));
        Assert.That(followed.IsCompleted, Is.False);
        elsewhere.Abort();
        await Task.WhenAny(followed);
    }

    private static int FreePort(out int port)
    {
        var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return port;
    }

    private static string Mutate(string body, (int At, int Length, int What)[] edits)
    {
        var text = new StringBuilder(body);
        foreach (var (at, length, what) in edits)
        {
            var start = text.Length == 0 ? 0 : at % (text.Length + 1);
            // Every other edit replaces what stands between two tags, where meaning is.
            if (what % 2 == 0 && text.ToString().IndexOf('>', start) is >= 0 and var open && text.ToString().IndexOf('<', open) is >= 0 and var close)
            {
                text.Remove(open + 1, close - open - 1).Insert(open + 1, Odd[what * 7 % Odd.Length]);
                continue;
            }

            var end = Math.Min(text.Length, start + length);
            var cut = text.ToString(start, end - start);
            switch (what % 5)
            {
                case 0:
                    text.Remove(start, end - start);
                    break;
                case 1:
                    text.Insert(start, cut);
                    break;
                case 2:
                    text.Insert(start, Odd[what % Odd.Length]);
                    break;
                case 3:
                    text.Insert(start, (char)(at % 0xD7FF));
                    break;
                default:
                    text.Length = start;
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>What a pass does with an answer.</summary>
    private static void Use(object answer)
    {
        switch (answer)
        {
            case ListResourceRecordSetsResponse list:
                Plan([.. list.ResourceRecordSets.Select(set => set.ToDomain())]);
                break;
            case ChangeResourceRecordSetsResponse change:
                Assert.That(ChangeRecord.Read(ChangeRecord.Sent(change.ChangeInfo.Id, change.ChangeInfo.Status == ChangeStatus.INSYNC, Planning.Group.Now, 60)), Is.Not.Null);
                break;
            case GetHostedZoneResponse zone:
                RecordNames.Normalize(zone.HostedZone.Name);
                break;
            case ListHostedZonesByNameResponse zones:
                zones.HostedZones.ForEach(zone => RecordNames.Normalize(zone.Name));
                break;
        }
    }

    private static void Plan(List<RecordSet> sets)
    {
        // A list with one set twice is refused where it is read.
        var unlike = sets.DistinctBy(set => (set.Name, set.Type, set.SetIdentifier)).ToList();
        foreach (var group in unlike.GroupBy(set => (set.Name, set.Type)))
        {
            var record = new WeightedDnsRecord
            {
                Metadata = new() { Name = "shop", NamespaceProperty = "shop", Uid = "u" },
                Spec = new() { Name = RecordNames.ForPeople(group.Key.Name), Type = group.Key.Type, Endpoints = [new() { SetIdentifier = "eu-west-1", Weight = 1, Values = ["192.0.2.1"] }] },
            };
            // Marks are read under their own name, so whatever else they say, they are no sets of the record's name.
            var marks = unlike.Where(set => set.SetIdentifier is not null).DistinctBy(set => set.SetIdentifier)
                .Select(set => set with { Name = OwnershipMark.NameFor(group.Key.Name, group.Key.Type), Type = "TXT" }).ToList();
            var observed = new ObservedGroup([.. group], marks, new Dictionary<string, EndpointHealth>(), null);
            var desired = DesiredGroup.Of(record, null, RecordObserver.Served(observed.Sets), new RecordClaim(new RecordOwner("modestano", "shop", "shop"), [], null, false)) with { Adopt = true };
            foreach (var policy in new[] { new ShiftPolicy(), new ShiftPolicy { MaxStepPercent = 10, Interval = TimeSpan.FromMinutes(1) } })
            {
                var plan = DnsPlanner.Next(new(observed, desired, policy, Planning.Group.Now));
                var memory = new RecordMemory().Saw(OwnSets.Of(observed, desired), "", false, Planning.Group.Now);
                var view = new PassView("Z1", group.Key.Name, observed, null, memory.ToStatus(), plan, new(null, false, Operator.Overrides.OverrideState.None, false, false, null, []), null);
                Assert.That(RecordReport.Of(record, view, Planning.Group.Now).Fingerprint, Is.Not.Null);
            }
        }
    }
}
