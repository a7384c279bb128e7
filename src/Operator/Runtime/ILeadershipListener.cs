namespace Modestano.Operator.Runtime;

/// <summary>Drops what only a leader keeps: domain metrics, connections. Register as many as needed.</summary>
public interface ILeadershipListener
{
    /// <summary>The term has ended and no pass runs any more; another one may follow.</summary>
    void StoppedLeading();
}
