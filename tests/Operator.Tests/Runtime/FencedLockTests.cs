using k8s.Autorest;
using k8s.LeaderElection;
using Microsoft.Extensions.Logging.Abstractions;
using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Leadership;

namespace Modestano.Operator.Tests.Runtime;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FencedLockTests : IDisposable
{
    private readonly TwoClocks _time = new();
    private readonly RecordedLock _inner = new();
    private readonly LeaseClock _clock;
    private readonly FencedLock _lock;

    public FencedLockTests()
    {
        _clock = new LeaseClock(_time);
        _lock = new FencedLock(_inner, _clock, new LeaseOptions { Namespace = "ops" }, _time, NullLogger.Instance);
    }

    public void Dispose() => _clock.Dispose();

    [Test]
    public async Task A_renewal_sets_the_fence_to_the_moment_before_its_request()
    {
        _inner.OnWrite = () => _time.Advance(TimeSpan.FromSeconds(4));
        await _lock.UpdateAsync(Record("me"));

        using var term = new CancellationTokenSource();
        _clock.Begin(term, TimeSpan.FromSeconds(15), isHolder: null);
        using var effect = _clock.BeginEffect(TimeSpan.FromMinutes(1), default);
        Assert.That(effect.Remaining, Is.EqualTo(TimeSpan.FromSeconds(11) - LeaseClock.Margin));
    }

    [Test]
    public async Task A_refused_renewal_does_not_move_the_fence()
    {
        await _lock.UpdateAsync(Record("me"));
        _time.Advance(TimeSpan.FromSeconds(10));
        _inner.Accept = false;
        Assert.That(await _lock.UpdateAsync(Record("me")), Is.False);

        using var term = new CancellationTokenSource();
        _clock.Begin(term, TimeSpan.FromSeconds(15), isHolder: null);
        using var effect = _clock.BeginEffect(TimeSpan.FromMinutes(1), default);
        Assert.That(effect.Remaining, Is.EqualTo(TimeSpan.FromSeconds(5) - LeaseClock.Margin));
    }

    [TestCase("another")]
    [TestCase("")]
    [TestCase(null)]
    public async Task A_lease_that_is_read_with_another_holder_ends_the_term_at_once(string? holder)
    {
        using var term = await LeadAsync();
        _inner.Stored = Record("me");
        await _lock.GetAsync();
        Assert.That(term.IsCancellationRequested, Is.False);

        _inner.Stored = new LeaderElectionRecord { HolderIdentity = holder, LeaseDurationSeconds = 15 };
        await _lock.GetAsync();

        Assert.That(term.IsCancellationRequested, Is.True);
        Assert.That(() => _clock.BeginEffect(TimeSpan.FromSeconds(3), default), Throws.InstanceOf<LeadershipLostException>());
    }

    [Test]
    public async Task A_lease_that_was_deleted_ends_the_term_at_once()
    {
        using var term = await LeadAsync();
        _inner.OnRead = () => throw new HttpOperationException("gone") { Response = new HttpResponseMessageWrapper(new HttpResponseMessage(System.Net.HttpStatusCode.NotFound), "") };

        Assert.That(async () => await _lock.GetAsync(), Throws.InstanceOf<HttpOperationException>(), "from which the elector makes it anew");

        Assert.That(term.IsCancellationRequested, Is.True);
    }

    private async Task<CancellationTokenSource> LeadAsync()
    {
        await _lock.UpdateAsync(Record("me"));
        var term = new CancellationTokenSource();
        _clock.Begin(term, TimeSpan.FromSeconds(15), isHolder: null);
        return term;
    }

    [Test]
    public async Task A_lease_that_its_holder_released_without_a_name_can_be_acquired()
    {
        _inner.Stored = new LeaderElectionRecord { HolderIdentity = null, LeaseDurationSeconds = 15 };
        var seen = await _lock.GetAsync();
        Assert.That(seen.HolderIdentity, Is.Not.Null.And.Not.Empty);
        Assert.That(seen.LeaseDurationSeconds, Is.EqualTo(1));
        Assert.That(seen.AcquireTime, Is.Not.Null);
        Assert.That(seen.RenewTime, Is.Not.Null);
    }

    [Test]
    public async Task A_live_lease_is_not_taken_however_far_the_wall_clock_is_set_ahead()
    {
        _inner.Stored = Foreign(renewals: 1);
        await _lock.GetAsync();
        _time.Wall = TimeSpan.FromHours(1);

        Assert.That(await _lock.UpdateAsync(Record("me")), Is.False);
        Assert.That(_inner.Stored.HolderIdentity, Is.EqualTo("another"));
    }

    [Test]
    public async Task A_lease_that_its_holder_renews_lives_from_the_last_renewal_that_was_read()
    {
        _inner.Stored = Foreign(renewals: 1);
        await _lock.GetAsync();
        _time.Advance(TimeSpan.FromSeconds(14));
        _inner.Stored = Foreign(renewals: 2);
        await _lock.GetAsync();
        _time.Advance(TimeSpan.FromSeconds(14));
        await _lock.GetAsync();
        Assert.That(await _lock.UpdateAsync(Record("me")), Is.False);

        _time.Advance(TimeSpan.FromSeconds(1));
        await _lock.GetAsync();
        Assert.That(await _lock.UpdateAsync(Record("me")), Is.True);
    }

    [Test]
    public async Task A_lease_of_a_longer_duration_lives_as_long_as_its_holder_believes()
    {
        _inner.Stored = Foreign(renewals: 1);
        _inner.Stored.LeaseDurationSeconds = 60;
        await _lock.GetAsync();
        _time.Advance(TimeSpan.FromSeconds(59));

        Assert.That(await _lock.UpdateAsync(Record("me")), Is.False);
    }

    [Test]
    public async Task A_lease_that_its_holder_released_is_free_after_the_second_that_it_names()
    {
        _inner.Stored = Foreign(renewals: 1);
        await _lock.GetAsync();
        _inner.Stored = Foreign(renewals: 2);
        _inner.Stored.LeaseDurationSeconds = 1;
        await _lock.GetAsync();
        Assert.That(await _lock.UpdateAsync(Record("me")), Is.False);

        _time.Advance(TimeSpan.FromSeconds(1));
        await _lock.GetAsync();
        Assert.That(await _lock.UpdateAsync(Record("me")), Is.True);
    }

    [Test]
    public async Task A_lease_that_names_no_duration_lives_as_long_as_ones_own_would()
    {
        _inner.Stored = Foreign(renewals: 1);
        _inner.Stored.LeaseDurationSeconds = 0;
        await _lock.GetAsync();
        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.That(await _lock.UpdateAsync(Record("me")), Is.False);
    }

    [Test]
    public async Task Times_are_written_with_a_fraction_always()
    {
        var record = Record("me");
        record.RenewTime = new DateTime(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);
        await _lock.CreateAsync(record);
        Assert.That(_inner.Stored!.RenewTime!.Value.Ticks % TimeSpan.TicksPerSecond, Is.Not.Zero);
    }

    [Test]
    public async Task An_unreachable_server_is_a_failed_attempt_and_not_the_end_of_the_term()
    {
        _inner.OnWrite = () => throw new HttpRequestException("connection refused");
        Assert.That(await _lock.UpdateAsync(Record("me")), Is.False);
        _inner.OnRead = () => throw new HttpRequestException("connection refused");
        Assert.That(async () => await _lock.GetAsync(), Throws.InstanceOf<HttpOperationException>(), "which the elector answers with another attempt");
    }

    private static LeaderElectionRecord Record(string holder) => new()
    {
        HolderIdentity = holder,
        LeaseDurationSeconds = 15,
        AcquireTime = DateTime.UnixEpoch,
        RenewTime = DateTime.UnixEpoch,
    };

    private static LeaderElectionRecord Foreign(int renewals) => new()
    {
        HolderIdentity = "another",
        LeaseDurationSeconds = 15,
        AcquireTime = DateTime.UnixEpoch,
        RenewTime = DateTime.UnixEpoch.AddSeconds(2 * renewals),
    };

    private sealed class RecordedLock : ILock
    {
        public LeaderElectionRecord? Stored { get; set; }

        public bool Accept { get; set; } = true;

        public Action OnWrite { get; set; } = () => { };

        public Action OnRead { get; set; } = () => { };

        public string Identity => "me";

        public Task<LeaderElectionRecord> GetAsync(CancellationToken cancellationToken = default)
        {
            OnRead();
            return Task.FromResult(Stored!);
        }

        public Task<bool> CreateAsync(LeaderElectionRecord record, CancellationToken cancellationToken = default) => UpdateAsync(record, cancellationToken);

        public Task<bool> UpdateAsync(LeaderElectionRecord record, CancellationToken cancellationToken = default)
        {
            OnWrite();
            if (Accept)
            {
                Stored = record;
            }

            return Task.FromResult(Accept);
        }

        public string Describe() => "ops/lease";
    }
}
