using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>Writes that wait until enough members have them.</summary>
internal sealed class WriteConcernWaiters(MemberProcess process)
{
    private readonly List<Waiter> waiting = [];

    /// <summary>
    /// Calls back when the members that the write concern asks for have the operation, with null, or with the
    /// <c>writeConcernError</c> document.
    /// </summary>
    /// <param name="time">Position that the members must have.</param>
    /// <param name="concern">How many of them, and for how long it waits.</param>
    /// <param name="maxTime">What is left of the command's <c>maxTimeMS</c>; null without end.</param>
    /// <param name="done">Called once.</param>
    public void Wait(OpTime time, WriteConcern concern, TimeSpan? maxTime, Action<BsonDocument?> done)
    {
        if (concern.W == 0)
        {
            done(null);
            return;
        }

        if (Unsatisfiable(concern) is { } error)
        {
            done(error);
            return;
        }

        if (IsSatisfied(time, concern))
        {
            done(null);
            return;
        }

        var waiter = new Waiter(time, concern, done);
        waiting.Add(waiter);
        if (maxTime is { } end && !(concern.Timeout < end))
        {
            waiter.Limit = process.After(end, () =>
                End(waiter, Error(ErrorCode.MaxTimeMSExpired, "operation exceeded time limit", concern, timedOut: false)));
        }
        else if (concern.Timeout is { } timeout)
        {
            waiter.Limit = process.After(timeout, () =>
                End(waiter, Error(ErrorCode.WriteConcernFailed, "waiting for replication timed out", concern, timedOut: true)));
        }
    }

    public void Check()
    {
        process.IndexBuilds.Check();
        if (waiting.Count == 0)
        {
            return;
        }

        foreach (var waiter in waiting.Where(waiter => IsSatisfied(waiter.Time, waiter.Concern)).ToArray())
        {
            End(waiter, null);
        }
    }

    /// <summary>A step-down: what waits was written, whether it stays is open.</summary>
    public void InterruptAll()
    {
        foreach (var waiter in waiting.ToArray())
        {
            End(waiter, Error(ErrorCode.InterruptedDueToReplStateChange, "operation was interrupted", waiter.Concern, timedOut: false));
        }
    }

    private static BsonDocument Error(ErrorCode code, string message, WriteConcern concern, bool timedOut)
    {
        var info = new BsonDocument();
        info.Add("wtimeout", true, timedOut);
        info.Add("writeConcern", concern.ToBson());
        return new BsonDocument { { "code", (int)code }, { "codeName", code.ToString() }, { "errmsg", message }, { "errInfo", info } };
    }

    private BsonDocument? Unsatisfiable(WriteConcern concern)
    {
        var config = process.Topology.Config!;
        if (concern.W > config.Members.Count(member => member.IsDataBearing))
        {
            return Error(ErrorCode.UnsatisfiableWriteConcern, "Not enough data-bearing nodes", concern, timedOut: false);
        }

        return concern.Mode is { } mode && !concern.IsMajority && !config.Settings.GetLastErrorModes.Contains(mode)
            ? Error(
                ErrorCode.UnknownReplWriteConcern,
                $"No write concern mode named '{mode}' found in replica set configuration",
                concern,
                timedOut: false)
            : null;
    }

    private bool IsSatisfied(OpTime time, WriteConcern concern)
    {
        if (concern.IsMajority)
        {
            return process.CommitPoint.Value >= time;
        }

        var journal = concern.Journal == true;
        if (concern.W is { } number)
        {
            return (number <= 1 && !journal) || Holders(time, journal).Take(number).Count() >= number;
        }

        var holders = Holders(time, journal).ToArray();
        return process.Topology.Config!.Settings.GetLastErrorModes[concern.Mode!].AsBsonDocument.All(tag =>
        {
            var values = holders.Select(member => member.Tags.GetValue(tag.Name, null)).Where(value => value is not null);
            return values.Distinct().Count() >= tag.Value.ToInt32();
        });
    }

    private IEnumerable<MemberConfig> Holders(OpTime time, bool journal)
    {
        if ((journal ? process.Applier.LastDurable : process.Applier.LastApplied) >= time)
        {
            yield return process.Topology.Self!;
        }

        foreach (var view in process.Views.All)
        {
            if (view.Config.IsDataBearing && (journal ? view.Durable : view.Applied) >= time)
            {
                yield return view.Config;
            }
        }
    }

    private void End(Waiter waiter, BsonDocument? error)
    {
        if (waiting.Remove(waiter))
        {
            waiter.Limit?.Cancel();
            waiter.Done(error);
        }
    }

    private sealed class Waiter(OpTime time, WriteConcern concern, Action<BsonDocument?> done)
    {
        public OpTime Time { get; } = time;

        public WriteConcern Concern { get; } = concern;

        public Action<BsonDocument?> Done { get; } = done;

        public ProcessTimer? Limit { get; set; }
    }
}
