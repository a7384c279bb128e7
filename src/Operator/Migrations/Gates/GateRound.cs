using Modestano.Crds.V1Alpha1;
using Modestano.Operator.Migrations.Planning;

namespace Modestano.Operator.Migrations.Gates;

/// <summary>
/// One round of asking the outside: all gates side by side, with one deadline for all. Whatever an answer is, or does to who reads it, a
/// gate has a result: an exception here would end the pass, and with it everything else that the migration has to do.
/// </summary>
internal static class GateRound
{
    /// <summary>How long a round may take.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    /// <summary>Who does not end at the deadline by itself is left behind after this.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Asks one gate.</summary>
    /// <param name="ask">Asks; its token ends with the round.</param>
    /// <param name="name">The gate's name.</param>
    /// <param name="now">The moment of the evaluation.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the pass.</param>
    public static async Task<GateStatus> AskAsync(
        Func<CancellationToken, Task<GateStatus>> ask, string name, DateTimeOffset now, TimeProvider time, CancellationToken cancellationToken)
    {
        GateStatus NoData(string message) => new() { Name = name, Result = GateVerdict.Unknown, Message = message, Time = now.UtcDateTime };
        using var deadline = new CancellationTokenSource(Length, time);
        using var round = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await ask(round.Token).WaitAsync(Length + Grace, time, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return NoData(e is OperationCanceledException or TimeoutException ? $"no answer within {Length.TotalSeconds:0} s" : CallFailure.Words(e));
        }
    }
}
