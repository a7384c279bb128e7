using Modestano.Operator.Runtime;

namespace Modestano.Scenarios.Dns;

/// <summary>Leads until told otherwise.</summary>
internal sealed class VirtualLeadership(TimeProvider time) : ILeadership
{
    public bool IsLeader { get; set; } = true;

    public Task ConfirmAsync(CancellationToken cancellationToken) => IsLeader ? Task.CompletedTask : throw new LeadershipLostException("this process does not lead");

    public IEffectScope BeginEffect(TimeSpan atMost, CancellationToken cancellationToken) =>
        IsLeader ? new Scope(time.GetUtcNow() + atMost, time, cancellationToken) : throw new LeadershipLostException("this process does not lead");

    private sealed class Scope(DateTimeOffset end, TimeProvider time, CancellationToken token) : IEffectScope
    {
        public CancellationToken Token { get; } = token;

        public TimeSpan Remaining => end - time.GetUtcNow();

        public void Dispose()
        {
        }
    }
}
