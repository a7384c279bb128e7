namespace Modestano.Testbed.Mongo.Model;

/// <summary>Why a call from member to member brought no answer, in the server's words.</summary>
internal sealed record CallFailure(string Message, bool IsTimeout)
{
    public static CallFailure Refused(string host) => new($"Error connecting to {host} :: caused by :: Connection refused", false);

    public static CallFailure Reset(string host) => new($"Error connecting to {host} :: caused by :: Connection reset by peer", false);

    public static CallFailure TimedOut() => new("Couldn't get a connection within the time limit", true);
}

/// <summary>
/// Calls between members: a request travels, is answered by the target's process, and the answer travels back. A closed port refuses, a
/// cut path and a paused process stay silent until the caller's deadline, a crash resets.
/// </summary>
internal sealed class MemberCalls(SimulatedReplicaSetNetwork network)
{
    private readonly LinkedList<OpenCall> open = [];

    /// <param name="from">Process that asks.</param>
    /// <param name="toHost">host:port of the member that is asked.</param>
    /// <param name="timeout">Deadline; <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
    /// <param name="handle">Runs as the target; it must call the given action once, at once or later.</param>
    /// <param name="answered">Runs as the caller with the answer.</param>
    /// <param name="failed">Runs as the caller when there is none.</param>
    /// <returns>Gives up the call; nothing runs as the caller any more.</returns>
    public Action Call<TReply>(
        MemberProcess from,
        string toHost,
        TimeSpan timeout,
        Action<MemberProcess, Action<TReply>> handle,
        Action<TReply> answered,
        Action<CallFailure> failed)
    {
        var target = network.Find(toHost);
        var call = new OpenCall(from, toHost, failed);
        open.AddLast(call.Place);
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            call.Deadline = network.Loop.Schedule(timeout, () => Fail(call, CallFailure.TimedOut(), TimeSpan.Zero));
        }

        if (target is null)
        {
            // Nothing listens at that address: the refusal comes back at once, or never from an address that does not exist.
            Fail(call, CallFailure.Refused(toHost), network.Faults.LocalRoundTrip);
            return () => Close(call);
        }

        if (Incompatibility(from.Member, target) is { } incompatible)
        {
            Fail(call, new CallFailure(incompatible, false), network.Faults.LocalRoundTrip + Delay(from, target));
        }
        else if (network.Wire is { } wire)
        {
            Carry(wire, call, target, handle, answered);
        }
        else if (!network.Faults.IsCut(from.Host, toHost))
        {
            network.Loop.Schedule(Delay(from, target), () => Arrive(call, target, handle, answered));
        }

        return () => Close(call);
    }

    /// <summary>Resets every call that a process has received and not answered.</summary>
    public void FailCallsTo(MemberProcess ended)
    {
        foreach (var call in open.Where(call => ReferenceEquals(call.Target, ended)).ToArray())
        {
            Fail(call, CallFailure.Reset(call.ToHost), BackDelay(call, ended.Member));
        }

        foreach (var call in open.Where(call => ReferenceEquals(call.From, ended)).ToArray())
        {
            call.GiveUp?.Invoke();
            open.Remove(call.Place);
        }
    }

    /// <summary>Why two members that run do not talk: one of them is of a release that the other's data is past (network_interface, validateWireVersion).</summary>
    private static string? Incompatibility(SimulatedMember from, SimulatedMember to)
    {
        if (to.Process is null)
        {
            return null;
        }

        return from.MinWireVersion > to.Options.Version.MaxWireVersion ? Text(to, from)
            : to.MinWireVersion > from.Options.Version.MaxWireVersion ? Text(from, to)
            : null;

        static string Text(SimulatedMember older, SimulatedMember newer) =>
            $"IncompatibleServerVersion: Server min and max wire version (0,{older.Options.Version.MaxWireVersion}) is incompatible with client min wire version " +
            $"({newer.MinWireVersion},{newer.Options.Version.MaxWireVersion})";
    }

    // What becomes of the call on its way, and when its target ends, the wire finds out.
    private void Carry<TReply>(
        IMemberWire wire, OpenCall call, SimulatedMember target, Action<MemberProcess, Action<TReply>> handle, Action<TReply> answered)
    {
        TReply? answer = default;
        call.GiveUp = wire.Carry(
            call.From.Host,
            call.ToHost,
            sendBack =>
            {
                if (!call.IsClosed && target.Process is { } process)
                {
                    target.RunAs(process, () => handle(process, reply =>
                    {
                        answer = reply;
                        sendBack();
                    }));
                }
            },
            () => Complete(call, () => answered(answer!)),
            failure => Complete(call, () => call.Failed(failure)));
    }

    private void Arrive<TReply>(
        OpenCall call, SimulatedMember target, Action<MemberProcess, Action<TReply>> handle, Action<TReply> answered)
    {
        if (call.IsClosed)
        {
            return;
        }

        if (target.Process is not { } process)
        {
            Fail(call, CallFailure.Refused(call.ToHost), BackDelay(call, target));
            return;
        }

        call.Target = process;
        target.RunAs(process, () => handle(process, reply => Return(call, target, reply, answered)));
    }

    private void Return<TReply>(OpenCall call, SimulatedMember target, TReply reply, Action<TReply> answered)
    {
        if (call.IsClosed || network.Faults.IsCut(target.Host, call.From.Host))
        {
            return;
        }

        call.Target = null;
        network.Loop.Schedule(Delay(target.Process!, call.From.Member), () => Complete(call, () => answered(reply)));
    }

    private void Fail(OpenCall call, CallFailure failure, TimeSpan after)
    {
        if (after <= TimeSpan.Zero)
        {
            Complete(call, () => call.Failed(failure));
        }
        else
        {
            network.Loop.Schedule(after, () => Complete(call, () => call.Failed(failure)));
        }
    }

    private void Complete(OpenCall call, Action action)
    {
        if (!call.IsClosed)
        {
            Close(call);
            call.From.Member.RunAs(call.From, action);
        }
    }

    private void Close(OpenCall call)
    {
        call.IsClosed = true;
        call.Deadline?.Cancel();
        call.GiveUp?.Invoke();
        if (call.Place.List is not null)
        {
            open.Remove(call.Place);
        }
    }

    private TimeSpan Delay(MemberProcess from, SimulatedMember to) =>
        network.Faults.NextDelay(from.Member.Options.Region, to.Options.Region);

    private TimeSpan BackDelay(OpenCall call, SimulatedMember from) =>
        network.Faults.NextDelay(from.Options.Region, call.From.Member.Options.Region);

    private sealed class OpenCall
    {
        public OpenCall(MemberProcess from, string toHost, Action<CallFailure> failed)
        {
            (From, ToHost, Failed) = (from, toHost, failed);
            Place = new LinkedListNode<OpenCall>(this);
        }

        /// <summary>Where it is among the open ones.</summary>
        public LinkedListNode<OpenCall> Place { get; }

        public MemberProcess From { get; }

        public string ToHost { get; }

        public Action<CallFailure> Failed { get; }

        public MemberProcess? Target { get; set; }

        public LoopTimer? Deadline { get; set; }

        /// <summary>Tells the wire that nobody waits any more.</summary>
        public Action? GiveUp { get; set; }

        public bool IsClosed { get; set; }
    }
}
