using System.Collections.Concurrent;
using Modestano.Operator.Runtime;
using Prometheus;

namespace Modestano.Operator.Observability;

/// <summary>The gauges' series of each object: what one publication does not set any more vanishes, and all of an object's go with it.</summary>
internal sealed class ObjectSeries
{
    private readonly ConcurrentDictionary<ObjectKey, HashSet<(Gauge Gauge, string Labels)>> _series = new();

    /// <summary>Sets an object's series anew.</summary>
    /// <param name="key">The object.</param>
    /// <param name="write">Calls its argument for each series; a value of null sets none.</param>
    public void Publish(ObjectKey key, Action<Action<Gauge, double?, string[]>> write)
    {
        var live = new HashSet<(Gauge, string)>();
        write((gauge, value, labels) =>
        {
            if (value is { } figure)
            {
                gauge.WithLabels(labels).Set(figure);
                live.Add((gauge, string.Join('\n', labels)));
            }
        });
        var before = _series.GetValueOrDefault(key);
        _series[key] = live;
        Remove(before?.Where(s => !live.Contains(s)) ?? []);
    }

    /// <summary>The object is gone.</summary>
    public void Forget(ObjectKey key)
    {
        if (_series.TryRemove(key, out var series))
        {
            Remove(series);
        }
    }

    /// <summary>All objects are somebody else's now.</summary>
    public void ForgetAll()
    {
        foreach (var key in _series.Keys)
        {
            Forget(key);
        }
    }

    private static void Remove(IEnumerable<(Gauge Gauge, string Labels)> series)
    {
        foreach (var (gauge, labels) in series)
        {
            gauge.RemoveLabelled(labels.Split('\n'));
        }
    }
}
