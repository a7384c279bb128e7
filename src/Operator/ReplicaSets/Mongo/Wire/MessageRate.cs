using System.Diagnostics;

namespace Modestano.Operator.ReplicaSets.Mongo.Wire;

/// <summary>How often a member answers: one that goes on and on keeps a processor busy, however small each answer is.</summary>
/// <param name="most">Messages a second.</param>
internal sealed class MessageRate(int most)
{
    private long _since = Stopwatch.GetTimestamp();
    private int _messages;

    /// <summary>Counts one.</summary>
    /// <exception cref="ReplyRefusedException">It is one too many.</exception>
    public void Count()
    {
        if (Stopwatch.GetElapsedTime(_since) >= TimeSpan.FromSeconds(1))
        {
            (_since, _messages) = (Stopwatch.GetTimestamp(), 0);
        }

        if (++_messages > most)
        {
            throw new ReplyRefusedException($"it sends more than {most} messages a second");
        }
    }
}
