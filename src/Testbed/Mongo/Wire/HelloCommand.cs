using Modestano.Testbed.Mongo.Storage;
using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Wire;

/// <summary>What a <c>hello</c> says about its connection.</summary>
internal static class HelloCommand
{
    public static bool IsHello(string commandName) => commandName is "hello" or "isMaster" or "ismaster";

    /// <summary>Notes the greeting; gives the error when client metadata comes a second time.</summary>
    public static ServerError? Greet(BsonDocument command, ClientSession session)
    {
        if (!IsHello(command.GetElement(0).Name))
        {
            return null;
        }

        if (session.HasGreeted && command.Contains("client"))
        {
            return new ServerError(
                186, "ClientMetadataCannotBeMutated", "The client metadata document may only be sent in the first hello");
        }

        session.HasGreeted = true;
        session.Metadata ??= command.GetValue("client", null) as BsonDocument;
        session.HelloOk |= command.GetValue("helloOk", false).ToBoolean();
        return null;
    }
}
