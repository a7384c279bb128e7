using System.Net;
using DnsClient;

namespace Modestano.Testbed.Demo.Workload;

/// <summary>Clients that resolve the record all the time, straight at the authoritative server, and count where they are sent.</summary>
/// <param name="server">The DNS server.</param>
/// <param name="name">The record's name.</param>
/// <param name="regions">Region by address.</param>
/// <param name="time">The clock.</param>
public sealed class DnsClients(IPEndPoint server, string name, IReadOnlyDictionary<string, string> regions, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, Dictionary<string, int>> _answers = [];
    private readonly List<string> _failures = [];
    private readonly DateTimeOffset _start = time.GetUtcNow();

    /// <summary>Answers by second since the start, then by region.</summary>
    public IReadOnlyDictionary<int, IReadOnlyDictionary<string, int>> Answers
    {
        get
        {
            lock (_gate)
            {
                return _answers.ToDictionary(a => a.Key, a => (IReadOnlyDictionary<string, int>)new Dictionary<string, int>(a.Value));
            }
        }
    }

    /// <summary>Questions that got no usable answer although the record had been served before.</summary>
    public IReadOnlyList<string> Failures
    {
        get
        {
            lock (_gate)
            {
                return [.. _failures];
            }
        }
    }

    /// <summary>Resolves until cancelled. Before the record exists, its absence is no failure.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var client = new LookupClient(new LookupClientOptions(server) { UseCache = false, Retries = 1, Timeout = TimeSpan.FromSeconds(2), ThrowDnsErrors = false });
        var served = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var answer = await client.QueryAsync(name, QueryType.A, cancellationToken: CancellationToken.None);
                var region = answer.Answers.ARecords().FirstOrDefault() is { } record ? regions.GetValueOrDefault(record.Address.ToString()) : null;
                served |= region is not null;
                Count(region, served, answer.ErrorMessage);
            }
            catch (DnsResponseException e)
            {
                Count(null, served, e.Message);
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Count(string? region, bool served, string? error)
    {
        lock (_gate)
        {
            var second = (int)(time.GetUtcNow() - _start).TotalSeconds;
            if (region is not null)
            {
                var counts = _answers.TryGetValue(second, out var known) ? known : _answers[second] = [];
                counts[region] = counts.GetValueOrDefault(region) + 1;
            }
            else if (served)
            {
                _failures.Add($"{name} at {second} s: {error ?? "no known address"}");
            }
        }
    }
}
