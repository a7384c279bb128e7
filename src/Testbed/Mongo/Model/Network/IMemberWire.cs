namespace Modestano.Testbed.Mongo.Model;

/// <summary>Carries the calls between members over something else than the model's own network, which then has no say in delays and cuts.</summary>
internal interface IMemberWire
{
    /// <summary>Sends a call off.</summary>
    /// <param name="fromHost">Who asks.</param>
    /// <param name="toHost">Who is asked, as configs name it.</param>
    /// <param name="arrived">Runs on the loop when the call is there; what it is given sends the answer back.</param>
    /// <param name="returned">Runs on the loop when the answer is back.</param>
    /// <param name="failed">Runs on the loop when there will be none.</param>
    /// <returns>Gives up the call.</returns>
    Action Carry(string fromHost, string toHost, Action<Action> arrived, Action returned, Action<CallFailure> failed);
}
