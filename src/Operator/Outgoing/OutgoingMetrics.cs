using System.Globalization;
using Prometheus;

namespace Modestano.Operator.Outgoing;

/// <summary>How often the operator's calls to others had to be repeated.</summary>
internal sealed class OutgoingMetrics
{
    /// <summary>The label of a call that got no answer.</summary>
    public const string NoAnswer = "no_answer";

    private readonly Counter _retries;
    private readonly Counter _gaveUp;

    public OutgoingMetrics(IMetricFactory factory)
    {
        _retries = factory.CreateCounter("modestano_outgoing_retries_total",
            "Repeated calls (prometheus, probes, secrets, status-writes), by what the attempt before it got: a status code, or no_answer.", ["call", "code"]);
        _gaveUp = factory.CreateCounter("modestano_outgoing_failures_total",
            "Calls that got no usable answer by any of their attempts.", ["call"]);
        // There from the start, so that rate() sees the first one.
        foreach (var call in OutgoingCall.All)
        {
            _retries.WithLabels(call.Name, NoAnswer);
            _gaveUp.WithLabels(call.Name);
        }
    }

    public void Repeated(string call, HttpResponseMessage? answer) =>
        _retries.WithLabels(call, answer is null ? NoAnswer : ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture)).Inc();

    public void GaveUp(string call) => _gaveUp.WithLabels(call).Inc();
}
