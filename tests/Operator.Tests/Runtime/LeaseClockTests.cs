using Modestano.Operator.Runtime;
using Modestano.Operator.Runtime.Leadership;

namespace Modestano.Operator.Tests.Runtime;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LeaseClockTests : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly TwoClocks _time = new();
    private readonly CancellationTokenSource _term = new();
    private readonly LeaseClock _clock;

    public LeaseClockTests() => _clock = new LeaseClock(_time);

    public void Dispose()
    {
        _clock.Dispose();
        _term.Dispose();
    }

    [Test]
    public void Who_does_not_lead_begins_no_effect()
    {
        Assert.That(_clock.IsLeader, Is.False);
        Assert.That(() => _clock.BeginEffect(TimeSpan.FromSeconds(1), default), Throws.InstanceOf<LeadershipLostException>());
    }

    [Test]
    public void An_effect_ends_after_the_time_that_was_asked_for()
    {
        Lead();
        using var effect = _clock.BeginEffect(TimeSpan.FromSeconds(3), default);
        Assert.That(effect.Remaining, Is.EqualTo(TimeSpan.FromSeconds(3)));

        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.That(effect.Token.IsCancellationRequested, Is.False);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(effect.Token.IsCancellationRequested, Is.True);
        Assert.That(effect.Remaining, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void An_effect_whose_deadline_passes_the_lease_ends_before_the_lease()
    {
        Lead();
        _time.Advance(TimeSpan.FromSeconds(5));
        using var effect = _clock.BeginEffect(TimeSpan.FromMinutes(1), default);
        Assert.That(effect.Remaining, Is.EqualTo(Lease - TimeSpan.FromSeconds(5) - LeaseClock.Margin));

        _time.Advance(TimeSpan.FromSeconds(9.5));
        Assert.That(effect.Token.IsCancellationRequested, Is.True);
        Assert.That(_term.IsCancellationRequested, Is.False, "the lease itself lasts a little longer");
    }

    [Test]
    public void A_lease_with_too_little_rest_begins_no_effect()
    {
        Lead();
        _time.Advance(Lease - LeaseClock.Margin - LeaseClock.UsefulRest + TimeSpan.FromMilliseconds(1));
        Assert.That(() => _clock.BeginEffect(TimeSpan.FromSeconds(1), default), Throws.InstanceOf<LeadershipLostException>().With.Message.Contains("the lease has only"));
        Assert.That(_clock.IsLeader, Is.True);
    }

    [Test]
    public void A_renewal_counts_from_when_its_request_was_sent()
    {
        var (sent, wall) = (_time.GetTimestamp(), _time.GetUtcNow());
        _time.Advance(TimeSpan.FromSeconds(4));
        _clock.Renewed(sent, wall);
        _clock.Begin(_term, Lease, isHolder: null);

        using var effect = _clock.BeginEffect(TimeSpan.FromMinutes(1), default);
        Assert.That(effect.Remaining, Is.EqualTo(TimeSpan.FromSeconds(11) - LeaseClock.Margin));
    }

    [Test]
    public void A_lease_that_is_not_renewed_ends_the_term_and_every_effect_on_this_clock_alone()
    {
        Lead();
        _time.Advance(TimeSpan.FromSeconds(1));
        using var effect = _clock.BeginEffect(TimeSpan.FromSeconds(10), default);

        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.That(_term.IsCancellationRequested, Is.True);
        Assert.That(effect.Token.IsCancellationRequested, Is.True);
        Assert.That(_clock.IsLeader, Is.False);
    }

    [Test]
    public void Renewals_keep_the_term()
    {
        Lead();
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            _clock.Renewed(_time.GetTimestamp(), _time.GetUtcNow());
        }

        Assert.That(_term.IsCancellationRequested, Is.False);
        Assert.That(_clock.IsLeader, Is.True);
    }

    [Test]
    public void An_effect_ends_with_the_term()
    {
        Lead();
        using var effect = _clock.BeginEffect(TimeSpan.FromSeconds(5), default);
        _term.Cancel();
        Assert.That(effect.Token.IsCancellationRequested, Is.True);
        Assert.That(() => _clock.BeginEffect(TimeSpan.FromSeconds(1), default), Throws.InstanceOf<LeadershipLostException>());
    }

    [Test]
    public void An_effect_ends_with_its_caller()
    {
        Lead();
        using var pass = new CancellationTokenSource();
        using var effect = _clock.BeginEffect(TimeSpan.FromSeconds(5), pass.Token);
        pass.Cancel();
        Assert.That(effect.Token.IsCancellationRequested, Is.True);
        Assert.That(() => _clock.BeginEffect(TimeSpan.FromSeconds(1), pass.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Without_election_an_effect_lasts_as_long_as_it_asks_for()
    {
        _clock.Begin(_term, lease: null, isHolder: null);
        _time.Advance(TimeSpan.FromHours(1));
        using var effect = _clock.BeginEffect(TimeSpan.FromMinutes(1), default);
        Assert.That(effect.Remaining, Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That(_clock.IsLeader, Is.True);
    }

    [Test]
    public void A_machine_that_was_suspended_leads_no_longer_although_its_timers_stood_still()
    {
        Lead();
        using var effect = _clock.BeginEffect(TimeSpan.FromSeconds(10), default);
        _time.Wall = TimeSpan.FromMinutes(5);

        Assert.That(_clock.IsLeader, Is.False);
        Assert.That(() => _clock.BeginEffect(TimeSpan.FromSeconds(3), default), Throws.InstanceOf<LeadershipLostException>());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(effect.Token.IsCancellationRequested, Is.True, "within a second of waking");
        Assert.That(_term.IsCancellationRequested, Is.True);
    }

    [Test]
    public void A_wall_clock_that_is_set_back_lengthens_no_lease()
    {
        Lead();
        _time.Wall = -TimeSpan.FromHours(1);
        _time.Advance(Lease);
        Assert.That(_clock.IsLeader, Is.False);
        Assert.That(_term.IsCancellationRequested, Is.True);
    }

    [Test]
    public async Task A_lease_that_is_read_live_with_another_holder_ends_the_term()
    {
        var isHolder = true;
        _clock.Renewed(_time.GetTimestamp(), _time.GetUtcNow());
        _clock.Begin(_term, Lease, _ => Task.FromResult(isHolder));
        await _clock.ConfirmAsync(default);

        isHolder = false;

        await Assert.ThrowsAsync<LeadershipLostException>(() => _clock.ConfirmAsync(default));
        Assert.That(_term.IsCancellationRequested, Is.True);
    }

    private void Lead()
    {
        _clock.Renewed(_time.GetTimestamp(), _time.GetUtcNow());
        _clock.Begin(_term, Lease, isHolder: null);
    }
}
