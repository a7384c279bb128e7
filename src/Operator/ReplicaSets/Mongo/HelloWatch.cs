using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// Learns at once when a member's state, its primary or its configuration changes: an awaited <c>hello</c>, which the server answers when its
/// topology version changes and else after <see cref="MaxAwait"/> (4.4 and later; an older one does not tell, and is looked at by passes alone).
/// </summary>
/// <remarks>
/// The driver's monitor can do the same, but holds two threads for each client; this holds none. A watch ends with the first failure, which it
/// tells as a change: whoever asks the member then and gets an answer begins a new one.
/// </remarks>
/// <param name="run">Runs a command on the member within a deadline.</param>
/// <param name="changed">Called when what the member tells has changed, and when it no longer answers.</param>
internal sealed class HelloWatch(Func<BsonDocument, TimeSpan, CancellationToken, Task<BsonDocument>> run, Action changed)
{
    /// <summary>How long the server may keep a <c>hello</c> that has nothing new. It bounds how long a silent connection is believed, if no pass asks.</summary>
    public static readonly TimeSpan MaxAwait = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ReplyMargin = TimeSpan.FromSeconds(5);

    /// <summary>Watches until the member does not answer, does not tell a topology version, or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The first answer tells nothing new: the pass that began this has asked the member itself.
            var last = await run(MemberCommands.Hello, ReplyMargin, cancellationToken);
            while (last.TryGetValue("topologyVersion", out var version))
            {
                var command = new BsonDocument { { "hello", 1 }, { "topologyVersion", version }, { "maxAwaitTimeMS", (long)MaxAwait.TotalMilliseconds } };
                var now = await run(command, MaxAwait + ReplyMargin, cancellationToken);
                if (Tells(now) != Tells(last))
                {
                    changed();
                }

                last = now;
            }
        }
        catch (Exception e) when (e is MongoCallException or OperationCanceledException)
        {
            // Of a client that is being closed nobody wants to know.
            if (!cancellationToken.IsCancellationRequested)
            {
                changed();
            }
        }
    }

    /// <summary>What of an answer is worth a pass: who it is, whom it follows, by which configuration. Its clock and its optimes are not.</summary>
    private static (bool Primary, bool Secondary, bool Arbiter, string? SetName, string? Following, long? Version, BsonValue? Election) Tells(BsonDocument hello) => (
        hello.Flag("isWritablePrimary"), hello.Flag("secondary"), hello.Flag("arbiterOnly"), hello.Text("setName"), hello.Text("primary"),
        hello.Whole("setVersion"), hello.GetValue("electionId", null));
}
