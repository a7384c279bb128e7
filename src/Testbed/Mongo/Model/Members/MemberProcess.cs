using MongoDB.Bson;
namespace Modestano.Testbed.Mongo.Model;
internal sealed class MemberDisk(long oplogBytes)
{
    public Oplog Oplog { get; } = new(oplogBytes);
    public ConfigStub? Config { get; }
    public (long Term, int Candidate) LastVote { get; } = (-1, -1);
    public void LoseWhatIsNotInTheJournal() => Oplog.TruncateAfter(Oplog.Last);
    internal sealed record ConfigStub(int Version, long Term);
}
internal sealed class StepDownStub { public void BeforeShutDown(Action end) { _ = this; end(); } }
internal sealed class CommandsStub { public void Execute(ClientCall call) { _ = this; call.Answer(new BsonDocument { { "ok", 0.0 }, { "errmsg", $"no such command: '{call.Name}'" }, { "code", 59 }, { "codeName", "CommandNotFound" } }); } }
internal sealed class MemberProcess(SimulatedReplicaSetNetwork network, SimulatedMember member)
{
    public string Host => member.Host;
    public SimulatedMember Member => member;
    public StepDownStub StepDown { get; } = new();
    public CommandsStub Commands { get; } = new();
    public OpenClientCalls OpenCalls { get; } = new();
    public void Start() => network.Trace(Host, "up");
    public void End() => network.Trace(Host, "ended");
    public MemberDescription Describe(bool paused) => new(Host, true, paused, "STARTUP", false, -1, -2, -1, false, OpTime.None, OpTime.None, OpTime.None);
}
