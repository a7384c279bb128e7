using Modestano.Testbed.Mongo.Model;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>Hands commands to a simulated member.</summary>
internal sealed class SimulatedMemberHandler(SimulatedMember member, AdminCommandLog log) : ICommandHandler
{
    public async Task<BsonDocument> ExecuteAsync(BsonDocument command, ClientSession session, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await member.ExecuteAsync(command, new ClientConnectionInfo(session.ConnectionId, session.HelloOk), cancellationToken);
            log.Add(member.Host, command, reply);
            return reply;
        }
        catch (MemberUnreachableException gone)
        {
            throw new MemberGoneException(gone.Message, gone);
        }
    }
}
