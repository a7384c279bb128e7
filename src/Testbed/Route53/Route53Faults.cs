namespace Modestano.Testbed.Route53;

/// <summary>What goes wrong on purpose. Operations are named as in the API: <c>ChangeResourceRecordSets</c>; <c>*</c> is any.</summary>
public sealed class Route53Faults
{
    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];
    private TimeSpan? _propagationDelay;

    /// <summary>How long changes made from now on stay PENDING; null: as the options say.</summary>
    public TimeSpan? PropagationDelay
    {
        get
        {
            lock (_gate)
            {
                return _propagationDelay;
            }
        }

        set
        {
            lock (_gate)
            {
                _propagationDelay = value;
            }
        }
    }

    /// <summary>Requests are carried out, and the connection is cut before the answer.</summary>
    public void LoseAnswers(string operation, int times = 1) => Add(new Fault(operation, times, null, LosesAnswer: true));

    /// <summary>The connection is cut before anything is done.</summary>
    public void LoseRequests(string operation, int times = 1) => Add(new Fault(operation, times, null, LosesAnswer: false));

    /// <summary>Requests are refused, as <c>Throttling</c> (400), <c>PriorRequestNotComplete</c> (400), <c>AccessDenied</c> (403), <c>ServiceUnavailable</c> (503).</summary>
    public void Refuse(string operation, int status, string code, string message, int times = int.MaxValue) =>
        Add(new Fault(operation, times, new Route53RefusalException(status, code, message), LosesAnswer: false));

    /// <summary>IAM denies the operation until <see cref="Clear"/>.</summary>
    public void Deny(string operation) =>
        Refuse(operation, 403, "AccessDenied", $"User: arn:aws:sts::123456789012:assumed-role/modestano/operator is not authorized to perform: route53:{operation} because no identity-based policy allows the route53:{operation} action");

    /// <summary>Ends every fault.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _faults.Clear();
            _propagationDelay = null;
        }
    }

    /// <summary>The fault that strikes this request, if any; it is used up.</summary>
    internal Fault? Next(string operation)
    {
        lock (_gate)
        {
            var fault = _faults.Find(f => f.Operation == "*" || f.Operation == operation);
            if (fault is not null && --fault.Left <= 0)
            {
                _faults.Remove(fault);
            }

            return fault;
        }
    }

    private void Add(Fault fault)
    {
        lock (_gate)
        {
            _faults.Add(fault);
        }
    }

    internal sealed record Fault(string Operation, int Times, Route53RefusalException? Refusal, bool LosesAnswer)
    {
        public int Left { get; set; } = Times;
    }
}
