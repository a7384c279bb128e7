namespace Modestano.Testbed.Route53;

/// <summary>Counts requests by operation and outcome.</summary>
public sealed class RequestLog
{
    private readonly Lock _gate = new();
    private readonly List<ServedRequest> _requests = [];

    /// <summary>Every request so far, oldest first.</summary>
    public IReadOnlyList<ServedRequest> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>How many requests of an operation came, whatever became of them.</summary>
    public int Count(string operation) => All.Count(request => request.Operation == operation);

    /// <summary>How many requests were answered with a code, as <c>Throttling</c>; <c>OK</c> for success.</summary>
    public int CountOf(string code) => All.Count(request => request.Code == code);

    internal void Add(ServedRequest request)
    {
        lock (_gate)
        {
            _requests.Add(request);
        }
    }
}

/// <summary>One request.</summary>
/// <param name="Time">When it was answered.</param>
/// <param name="Operation">As <c>GetChange</c>.</param>
/// <param name="Code"><c>OK</c>, the service's error code, or <c>Lost</c>.</param>
public sealed record ServedRequest(DateTimeOffset Time, string Operation, string Code);
