using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using k8s;
using Modestano.Crds.V1Alpha1;

namespace Modestano.Testbed.Bench;

/// <summary>Follows the statuses of one kind through a watch, as a dashboard would.</summary>
internal sealed class StatusWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, ObservedObject> _latest = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JsonElement> _statuses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _changes = new(StringComparer.Ordinal);
    private readonly Task _following;

    public StatusWatch(IKubernetes client, string plural) => _following = FollowAsync(client, plural);

    /// <summary>Called with each new state and the moment of its arrival (<see cref="Stopwatch.GetTimestamp"/>).</summary>
    public event Action<string, ObservedObject, long>? Changed;

    /// <summary>How many objects are in a state now.</summary>
    public int Count(Func<ObservedObject, bool> state) => _latest.Values.Count(state);

    /// <summary>The latest state of an object; null: not seen.</summary>
    public ObservedObject? Find(string name) => _latest.GetValueOrDefault(name);

    /// <summary>The fields of statuses that changed, with how often, the most frequent first.</summary>
    public IReadOnlyList<(string Field, int Times)> Changes() => [.. _changes.OrderByDescending(c => c.Value).Select(c => (c.Key, c.Value))];

    /// <summary>Counts changes from now on.</summary>
    public void ForgetChanges() => _changes.Clear();

    /// <summary>An object that is not ready, in words; null: all are.</summary>
    public string? Example() => _latest.Values.FirstOrDefault(o => !o.IsReady) is { } open
        ? $"{open.Metadata.Name}: {string.Join("; ", (open.Status?.Conditions ?? []).Where(c => c.Type is "Ready" or "Stalled").Select(c => $"{c.Type} {c.Status} {c.Reason} {c.Message}"))}"
        : null;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task FollowAsync(IKubernetes client, string plural)
    {
        while (!_stop.IsCancellationRequested)
        {
            var lines = client.CustomObjects.WatchListNamespacedCustomObjectAsync(
                ApiGroup.Name, ApiGroup.Version, BenchNames.Namespace, plural, timeoutSeconds: 3600, cancellationToken: _stop.Token);
            await foreach (var (_, line) in lines)
            {
                var now = Stopwatch.GetTimestamp();
                var json = line is JsonElement element ? element : JsonSerializer.SerializeToElement(line);
                if (json.TryGetProperty("metadata", out var meta) && meta.TryGetProperty("name", out var name) && json.Deserialize<ObservedObject>(Json) is { } state)
                {
                    _latest[name.GetString()!] = state;
                    Compare(name.GetString()!, json);
                    Changed?.Invoke(name.GetString()!, state, now);
                }
            }
        }
    }

    private void Compare(string name, JsonElement entity)
    {
        if (!entity.TryGetProperty("status", out var status))
        {
            return;
        }

        if (_statuses.TryGetValue(name, out var before))
        {
            foreach (var field in JsonDifference.Fields(before, status).Distinct())
            {
                _changes.AddOrUpdate(field, 1, (_, times) => times + 1);
            }
        }

        _statuses[name] = status.Clone();
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
}

/// <summary>What the benchmark reads of an object of any kind.</summary>
internal sealed record ObservedObject(ObservedMeta Metadata, ObservedStatus? Status)
{
    /// <summary>Its latest spec was looked at, and it is as wanted.</summary>
    public bool IsReady => Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready") is { Status: "True" } ready && ready.ObservedGeneration == Metadata.Generation;
}

/// <summary>A part of the metadata.</summary>
internal sealed record ObservedMeta(string Name, long Generation);

/// <summary>A part of the status.</summary>
internal sealed record ObservedStatus(string? Primary, IReadOnlyList<ObservedCondition>? Conditions);

/// <summary>A condition.</summary>
internal sealed record ObservedCondition(string Type, string Status, long? ObservedGeneration, string? Reason, string? Message);
