using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary><c>setFeatureCompatibilityVersion</c>: first stores that the version changes, then, when the data is converted, that it has changed.</summary>
internal static class FeatureCompatibilityCommand
{
    private static readonly TimeSpan Conversion = TimeSpan.FromMilliseconds(250);

    public static void Set(CommandContext context)
    {
        ConfigCommands.Require(context);
        var process = context.Process;
        if (!process.Topology.IsWritablePrimary)
        {
            throw new CommandException(ErrorCode.NotWritablePrimary, context.Connection.HelloOk ? "not primary" : "not master");
        }

        var wanted = context.Argument is BsonString text ? text.Value : "";
        if (!process.Version.Knows(wanted))
        {
            throw new CommandException(
                ErrorCode.BadValue,
                $"Invalid command argument. Expected '{process.Version.FeatureCompatibility}' or '{process.Version.LastLts}', found {wanted} in: {ShellText.Of(context.Command)}");
        }

        if (process.Release.Has(Trait.ConfirmedFeatureCompatibility) && !context.Flag("confirm"))
        {
            throw new CommandException(
                (ErrorCode)7369100,
                $"Once you have changed to {wanted}, you may not be able to change back without support assistance. " +
                "Please re-run this command with 'confirm: true' to acknowledge this and continue with the FCV change.");
        }

        var now = FeatureCompatibility.In(process.Store)!;
        if (now["version"] == wanted && !now.Contains("targetVersion"))
        {
            context.Reply([]);
            return;
        }

        var from = now.GetValue("previousVersion", now["version"]).AsString;
        Store(context, FeatureCompatibility.Changing(from == wanted ? now["targetVersion"].AsString : from, wanted), () => Finish(context, wanted));
    }

    private static void Finish(CommandContext context, string wanted)
    {
        var process = context.Process;
        process.After(Conversion, () =>
        {
            if (!process.Topology.IsWritablePrimary)
            {
                context.Fail(new CommandException(ErrorCode.InterruptedDueToReplStateChange, "operation was interrupted"));
            }
            else if (process.Member.Speed.FeatureCompatibilityHeld)
            {
                Finish(context, wanted);
            }
            else
            {
                Store(context, FeatureCompatibility.At(wanted), () => context.Reply([]));
            }
        });
    }

    private static void Store(CommandContext context, Storage.OplogOperation change, Action then)
    {
        var process = context.Process;
        var written = process.Writer.Write([change], null);
        process.WriteConcerns.Wait(written, WriteConcern.Internal, context.MaxTime, error =>
        {
            if (error is null)
            {
                then();
            }
            else
            {
                context.Fail(new CommandException((ErrorCode)error["code"].AsInt32, error["errmsg"].AsString));
            }
        });
    }
}
