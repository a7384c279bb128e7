using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>Hands commands to a simulated member.</summary>
internal sealed class SimulatedMemberHandler(SimulatedMember member, AdminCommandLog log, CommandCounts counts) : ICommandHandler
{
    public async Task<BsonDocument> ExecuteAsync(BsonDocument command, ClientSession session, CancellationToken cancellationToken)
    {
        var connection = new ClientConnectionInfo(session.ConnectionId, session.HelloOk && member.KnowsHello);
        counts.Count(command.GetElement(0).Name);
        try
        {
            return AdminCommandLog.Keeps(command)
                ? await RecordAsync(command, connection).WaitAsync(cancellationToken)
                : await member.ExecuteAsync(command, connection, cancellationToken);
        }
        catch (MemberUnreachableException gone)
        {
            throw new MemberGoneException(gone.Message, gone);
        }
    }

    // A command that changes the set goes on when its client leaves, and counts all the same.
    private async Task<BsonDocument> RecordAsync(BsonDocument command, ClientConnectionInfo connection)
    {
        var receivedAt = log.Now;
        var reply = await member.ExecuteAsync(command, connection, CancellationToken.None);
        log.Add(member.Host, command, reply, receivedAt);
        return reply;
    }
}
