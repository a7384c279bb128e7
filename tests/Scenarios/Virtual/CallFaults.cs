namespace Modestano.Scenarios.Virtual;

/// <summary>What goes wrong with an operator's calls of the API server and of Route 53, as its clients would tell it.</summary>
internal sealed class CallFaults
{
    /// <summary>A live read of an object.</summary>
    public const string Get = "get";

    /// <summary>A write of a status.</summary>
    public const string StatusWrite = "status";

    /// <summary>Asked before a call has any effect; null: it arrives.</summary>
    public Func<string, Exception?>? OnTheWay { get; set; }

    /// <summary>Asked when a call has had its effect; null: its answer arrives.</summary>
    public Func<string, Exception?>? OnTheWayBack { get; set; }

    /// <summary>The call arrives, or does not.</summary>
    /// <param name="call"><see cref="Get"/>, <see cref="StatusWrite"/> or the name of a Route 53 request.</param>
    public void Arrive(string call) => Throw(OnTheWay?.Invoke(call));

    /// <summary>The answer arrives, or does not.</summary>
    public void Return(string call) => Throw(OnTheWayBack?.Invoke(call));

    private static void Throw(Exception? fault)
    {
        if (fault is not null)
        {
            throw fault;
        }
    }
}
