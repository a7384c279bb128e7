using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>One command of one client, from its arrival to its reply.</summary>
internal sealed class ClientCall
{
    private readonly TaskCompletionSource<BsonDocument> reply;
    private CancellationTokenRegistration registration;

    /// <remarks>
    /// With <paramref name="inline"/>, continuations run in the loop's order (virtual time); otherwise on the thread pool, so that they
    /// cannot hold the loop up.
    /// </remarks>
    public ClientCall(BsonDocument command, ClientConnectionInfo connection, bool inline)
    {
        Command = command;
        Connection = connection;
        reply = new(inline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public BsonDocument Command { get; }

    public ClientConnectionInfo Connection { get; }

    /// <summary>Name of the command: its first element, as the client spelt it.</summary>
    public string Name => Command.ElementCount == 0 ? "" : Command.GetElement(0).Name;

    public Task<BsonDocument> Reply => reply.Task;

    public bool IsAnswered => reply.Task.IsCompleted;

    public void CancelWith(CancellationToken cancellationToken) =>
        registration = cancellationToken.Register(() => reply.TrySetCanceled(cancellationToken));

    public void Answer(BsonDocument document)
    {
        registration.Dispose();
        reply.TrySetResult(document);
    }

    public void Fail(MemberUnreachableException error)
    {
        registration.Dispose();
        reply.TrySetException(error);
    }
}
