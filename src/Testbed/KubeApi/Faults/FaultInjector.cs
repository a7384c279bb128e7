using Modestano.Testbed.KubeApi.Http;

namespace Modestano.Testbed.KubeApi.Faults;

/// <summary>Answers chosen requests with failures instead of carrying them out.</summary>
internal sealed class FaultInjector
{
    private readonly Lock gate = new();
    private readonly List<Fault> faults = [];

    public void Add(Fault fault)
    {
        lock (gate)
        {
            faults.Add(fault);
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            faults.Clear();
        }
    }

    /// <summary>The fault that meets this request, if one does; it is used up by one.</summary>
    public Fault? Take(KubeRequest request)
    {
        lock (gate)
        {
            var fault = faults.FirstOrDefault(f => f.Matches(request));
            if (fault is not null && --fault.Remaining <= 0)
            {
                faults.Remove(fault);
            }

            return fault;
        }
    }
}

/// <summary>What happens to requests that match.</summary>
/// <param name="matches">Which requests.</param>
/// <param name="times">How many of them.</param>
/// <param name="error">The answer; null cuts the connection without one.</param>
internal sealed class Fault(Func<KubeRequest, bool> matches, int times, ApiException? error)
{
    public int Remaining { get; set; } = times;

    public bool Matches(KubeRequest request) => matches(request);

    public Task ApplyAsync(HttpContext http)
    {
        if (error is null)
        {
            http.Abort();
            return Task.CompletedTask;
        }

        return ResponseWriter.WriteErrorAsync(http, error);
    }
}
