using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>Error replies: state-change codes carry the topologyVersion, retryable ones a label when the write could be repeated.</summary>
internal static class ErrorReply
{
    public const string RetryableWriteError = "RetryableWriteError";

    private static readonly HashSet<int> StateChanges = [10107, 13435, 13436, 11602, 189];

    private static readonly HashSet<int> Retryable = [10107, 13435, 13436, 11602, 11600, 189, 91, 7, 6, 89, 9001, 262];

    /// <summary>Whether the code tells of a change of the topology, so that the reply carries the topologyVersion.</summary>
    public static bool IsStateChange(int code) => StateChanges.Contains(code);

    public static bool IsRetryable(int code) => Retryable.Contains(code);

    public static BsonDocument Of(CommandException error, CommandContext context)
    {
        var reply = new BsonDocument();
        if (context.Command.Contains("txnNumber") && IsRetryable((int)error.Code))
        {
            reply.Add("errorLabels", new BsonArray { RetryableWriteError });
        }

        if (StateChanges.Contains((int)error.Code))
        {
            reply.Add("topologyVersion", context.Process.Topology.Version);
        }

        if (error.Code == ErrorCode.None)
        {
            return reply.Add("errmsg", error.Message).Add("ok", 0.0);
        }

        reply.Add("ok", 0.0).Add("errmsg", error.Message).Add("code", (int)error.Code).Add("codeName", CodeName(error.Code));
        if (error.Extra is not null)
        {
            reply.AddRange(error.Extra);
        }

        return reply;
    }

    /// <summary>Codes without a name are called after the place in the server's source that raises them.</summary>
    private static string CodeName(ErrorCode code) => Enum.IsDefined(code) ? code.ToString() : $"Location{(int)code}";
}
