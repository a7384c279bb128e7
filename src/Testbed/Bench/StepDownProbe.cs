using System.Collections.Concurrent;
using System.Diagnostics;
using MongoDB.Bson;

namespace Modestano.Testbed.Bench;

/// <summary>Makes the primaries of some sets step down, one after the other, and takes the time until status names the new one.</summary>
internal sealed class StepDownProbe(BenchOptions options, BenchWorld world, StatusWatch sets)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<string, long> _elected = new();
    private readonly ConcurrentDictionary<(string Set, string Primary), long> _told = new();

    public async Task<Latencies> RunAsync(CancellationToken cancellationToken)
    {
        world.Fleet.BecamePrimary += NoteElection;
        sets.Changed += NoteStatus;
        try
        {
            var taken = Math.Min(options.Samples, options.Sets);
            var chosen = Enumerable.Range(0, taken).Select(i => options.Sets - 1 - (i * options.Sets / taken)).ToList();
            var stepDown = new BsonDocument { { "replSetStepDown", 60 }, { "secondaryCatchUpPeriodSecs", 2 } };
            foreach (var set in chosen)
            {
                if (await world.Fleet.PrimaryAsync(set, cancellationToken) is { } primary)
                {
                    await world.Fleet.AskAsync(primary, stepDown, cancellationToken);
                }

                await Task.Delay(options.SampleInterval, cancellationToken);
            }

            var watch = Stopwatch.StartNew();
            List<(string Of, TimeSpan After)> seen;
            do
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
                seen = [.. chosen.SelectMany(Latency)];
            }
            while (seen.Count < taken && watch.Elapsed < Patience);
            return new Latencies(seen, taken);
        }
        finally
        {
            world.Fleet.BecamePrimary -= NoteElection;
            sets.Changed -= NoteStatus;
        }
    }

    // The first primary after the step-down; the operator may move it home later. None: not seen yet.
    private IEnumerable<(string Of, TimeSpan After)> Latency(int set)
    {
        var name = BenchNames.Set(set);
        var first = Enumerable.Range(0, options.Members).Select(m => BenchNames.Host(set, m)).Where(_elected.ContainsKey).MinBy(host => _elected[host]);
        if (first is not null && _told.TryGetValue((name, first), out var told))
        {
            var elected = _elected[first];
            yield return (Latencies.Named(name, DateTimeOffset.UtcNow - Stopwatch.GetElapsedTime(elected)), Stopwatch.GetElapsedTime(elected, told));
        }
    }

    private void NoteElection(string host, long at) => _elected.TryAdd(host, at);

    private void NoteStatus(string set, ObservedObject state, long at)
    {
        if (state.Status?.Primary is { } primary && _elected.TryGetValue(primary, out var elected) && at >= elected)
        {
            _told.TryAdd((set, primary), at);
        }
    }
}
