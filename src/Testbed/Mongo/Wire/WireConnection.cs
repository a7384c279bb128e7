using System.Net.Sockets;
using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>Serves one client connection: one command after the other, until either side closes it.</summary>
internal sealed class WireConnection(Stream stream, ClientSession session, ICommandHandler handler, ILogger logger)
{
    // The server also closes the connection of a client that does not wait for the answer "not primary", as it could not tell it otherwise.
    private static readonly HashSet<int> StateChangeCodes = [10107, 13435, 13436, 11602, 11600, 189, 91];

    private int _lastRequestId;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var isFirst = true; await WireReader.ReadAsync(stream, isFirst, cancellationToken) is { } request; isFirst = false)
            {
                if (!await ServeAsync(request, cancellationToken))
                {
                    return;
                }
            }
        }
        catch (MalformedMessageException malformed)
        {
            logger.LogInformation("Connection {Connection} closed: {Reason}", session.ConnectionId, malformed.Message);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or MemberGoneException or OperationCanceledException)
        {
            // The client or the member went away; a server says nothing more on this connection.
            logger.LogDebug("Connection {Connection} ended: {Reason}", session.ConnectionId, gone.Message);
        }
    }

    private async Task<bool> ServeAsync(WireRequest request, CancellationToken cancellationToken)
    {
        if (request.IsExhaustAllowed && HelloCommand.IsHello(request.CommandName))
        {
            return await ServeExhaustAsync(request, cancellationToken);
        }

        var reply = await AnswerAsync(request.Command, cancellationToken);
        if (request.IsUnacknowledged)
        {
            return !IsStateChange(reply);
        }

        await SendAsync(request, request.RequestId, 0, reply, cancellationToken);
        return true;
    }

    // A hello with exhaustAllowed is answered again and again, each answer to the one before it, until something fails.
    private async Task<bool> ServeExhaustAsync(WireRequest request, CancellationToken cancellationToken)
    {
        var command = request.Command;
        var responseTo = request.RequestId;
        if (!command.Contains("maxAwaitTimeMS"))
        {
            var refusal = new ServerError(
                51756, "Location51756", "An isMaster or hello request with exhaust must specify 'maxAwaitTimeMS'");
            await SendAsync(request, responseTo, 0, refusal.ToReply(), cancellationToken);
            return true;
        }

        while (true)
        {
            var reply = await AnswerAsync(command, cancellationToken);
            var goesOn = reply.GetValue("ok", 0).ToDouble() == 1 && reply.Contains("topologyVersion");
            responseTo = await SendAsync(request, responseTo, goesOn ? WireProtocol.MoreToCome : 0, reply, cancellationToken);
            if (!goesOn)
            {
                return true;
            }

            command = command.Clone().AsBsonDocument.Set("topologyVersion", reply["topologyVersion"]);
        }
    }

    private async Task<BsonDocument> AnswerAsync(BsonDocument command, CancellationToken cancellationToken)
    {
        if (command.ElementCount == 0)
        {
            return ServerError.FailedToParse("Command document may not be empty").ToReply();
        }

        if (HelloCommand.Greet(command, session) is { } refusal)
        {
            return refusal.ToReply();
        }

        try
        {
            session.Current = command;
            return await handler.ExecuteAsync(command, session, cancellationToken);
        }
        catch (CommandFailedException failure)
        {
            return failure.ToReply();
        }
#pragma warning disable CA1031 // A fault of this server must reach the client as an error reply, as a real server's does.
        catch (Exception fault) when (fault is not (MemberGoneException or OperationCanceledException))
#pragma warning restore CA1031
        {
            logger.LogError(fault, "Command {Command} failed", command.GetElement(0).Name);
            return new ServerError(8, "UnknownError", $"{fault.GetType().Name}: {fault.Message}").ToReply();
        }
        finally
        {
            session.Current = null;
        }
    }

    private async Task<int> SendAsync(WireRequest request, int responseTo, uint flags, BsonDocument reply, CancellationToken cancellationToken)
    {
        var requestId = ++_lastRequestId;
        var bytes = request.IsOpQuery
            ? WireWriter.OpReply(requestId, responseTo, reply)
            : WireWriter.OpMsg(requestId, responseTo, flags | (request.HasChecksum ? WireProtocol.ChecksumPresent : 0), reply);
        await stream.WriteAsync(bytes, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        return requestId;
    }

    private static bool IsStateChange(BsonDocument reply) =>
        reply.TryGetValue("code", out var code) && StateChangeCodes.Contains(code.ToInt32());
}
