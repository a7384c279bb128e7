using Microsoft.Extensions.Time.Testing;
using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Configuration;
using Modestano.Operator.ReplicaSets.Mongo;
using Modestano.Operator.Runtime;
using Modestano.Scenarios.Runtime;

namespace Modestano.Scenarios.Hostile;

/// <summary>A member that lets nobody log in, and tells something new with each breath, is looked at no more often for it than any other.</summary>
[Category("Hostile"), Category("EmbeddedOnly")]
[CancelAfter(120_000)]
public sealed class AnonymousMemberScenarios
{
    private const int Passes = 30;

    private static readonly ObjectKey Set = new("mallory", "rs0");

    [TestCase(false, TestName = "A_member_that_refuses_the_login_is_not_asked_again_without_end")]
    [TestCase(true, TestName = "A_member_that_says_to_be_an_arbiter_is_not_asked_again_without_end")]
    public async Task News_of_a_member_without_a_login_cause_no_questions_without_end(bool isArbiter)
    {
        using var member = new HostileMongod(Malice.Chatters, "") { IsArbiter = isArbiter };
        var queue = new DueNow(new SemaphoreSlim(1));
        var options = new MongoConnectionOptions
        {
            LeastSecurity = LeastSecurity.Any,
            Grants = GrantsFile.Parse($"hosts: [{{namespaces: [mallory], cidrs: [127.0.0.0/8], ports: [{member.EndPoint.Port}]}}]", "grants.yaml"),
        };

        // The clock stands still: what comes is what comes at once.
        var time = new FakeTimeProvider();
        using var clients = new MemberClients(options, queue, time);
        var gateway = new MongoReplicaSetGateway(clients, options, time);
        var target = new ReplicaSetTarget(Set, new ReplicaSetConnection { Mechanism = "SCRAM-SHA-256", UserName = "operator", Password = "s3cret", UseTls = false });
        using var over = new CancellationTokenSource();
        var working = WorkAsync();

        await Eventually.Is(() => queue.Told >= 5 * Passes, "it has told far more than it may", TimeSpan.FromSeconds(60));
        await over.CancelAsync();
        await working;

        Assert.That(queue.AtOnce, Is.EqualTo(Passes));
        Assert.That(member.Commands.GetValueOrDefault("saslStart"), Is.LessThanOrEqualTo(1), "a login that was refused is not tried again at once, and an arbiter's not at all");
        Assert.That(member.Commands.GetValueOrDefault("replSetGetStatus"), Is.LessThanOrEqualTo(isArbiter ? 0 : 1 + Passes));

        async Task WorkAsync()
        {
            while (!over.IsCancellationRequested)
            {
                await queue.Due.WaitAsync(over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!over.IsCancellationRequested)
                {
                    await gateway.ObserveAsync(target, [member.Host], ObservationReach.AllMembers, CancellationToken.None);
                }
            }
        }
    }

    /// <summary>A worker's queue: what is due now, and what would be due later.</summary>
    private sealed class DueNow(SemaphoreSlim due) : IEntityQueue<MongoReplicaSet>
    {
        private int _atOnce;
        private int _later;

        public SemaphoreSlim Due => due;

        public int AtOnce => _atOnce;

        public int Told => _atOnce + _later;

        public void Enqueue(ObjectKey key)
        {
            Interlocked.Increment(ref _atOnce);
            due.Release();
        }

        public void EnqueueAfter(ObjectKey key, TimeSpan delay) => Interlocked.Increment(ref _later);
    }
}
