namespace Modestano.Operator.Runtime;

/// <summary>
/// Drops what only a leader keeps: all that it remembers from one pass to the next, domain metrics, connections. Register it by
/// <see cref="RuntimeServiceCollectionExtensions.AddTermMemory"/>; a test holds every service that remembers to that.
/// </summary>
public interface ILeadershipListener
{
    /// <summary>The term has ended and no pass runs any more; another one may follow.</summary>
    void StoppedLeading();
}
