using System.Collections.Concurrent;
using Modestano.Operator.Dns.Accounts;
using Modestano.Operator.Dns.Route53.Model;
using Modestano.Operator.Runtime;

namespace Modestano.Operator.Dns.Observation;

/// <summary>Asks how far changes have got; the records of one batch share one answer.</summary>
internal sealed class ChangeTracker(TimeProvider time) : ILeadershipListener
{
    private static readonly TimeSpan PendingKeptFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<(string Account, string Change), Asked> _asked = new();

    /// <inheritdoc/>
    public void StoppedLeading() => _asked.Clear();

    /// <summary>When a change was first seen in sync; null: it is pending.</summary>
    /// <exception cref="Route53.NoSuchChangeException">The service no longer knows the change.</exception>
    public async Task<DateTimeOffset?> InSyncSinceAsync(Route53Account account, string changeId, CancellationToken cancellationToken)
    {
        var asked = _asked.GetOrAdd((account.Key, changeId), _ => new Asked());
        await asked.Gate.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (asked.InSyncAt is null && now - asked.At > PendingKeptFor)
            {
                var info = (await account.Client.GetChangeAsync(new() { Id = changeId }, cancellationToken)).ChangeInfo;
                asked.At = time.GetUtcNow();
                asked.InSyncAt = info.Status == ChangeStatus.INSYNC ? asked.At : null;
            }
        }
        finally
        {
            asked.Gate.Release();
        }

        Clean();
        return asked.InSyncAt;
    }

    private void Clean()
    {
        var now = time.GetUtcNow();
        foreach (var (key, _) in _asked.Where(entry => now - entry.Value.At > ForgottenAfter && entry.Value.At != default))
        {
            _asked.TryRemove(key, out _);
        }
    }

    private sealed class Asked
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public DateTimeOffset At { get; set; }

        public DateTimeOffset? InSyncAt { get; set; }
    }
}
