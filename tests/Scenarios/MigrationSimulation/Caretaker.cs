using Modestano.Crds.V1Alpha1;
using Modestano.Testbed.Mongo.Model;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>
/// The person on duty when it is quiet again: reads what the objects say after a while and does that; where a condition names nothing that a
/// person could do, that is a break. Leads the migration to its end, and cleans up after it.
/// </summary>
internal sealed class Caretaker(Stage stage, Git git, TrafficJudge traffic, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, int> _starts = [];
    private readonly Dictionary<string, TimeSpan> _stale = [];
    private string? _reads;
    private TimeSpan _since;
    private int _runs = random.Next(3) == 0 ? 2 : 1;
    private bool _wasBack;

    /// <summary>What is still missing; null: everything is at rest and nothing is overridden.</summary>
    public string Missing { get; private set; } = "nobody has looked yet";

    /// <summary>Migration gone, overrides gone, all as the specs say.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Looks, and acts where the same has been said for a while.</summary>
    public void Look()
    {
        TendMachines();
        git.Apply();
        foreach (var record in git.Records.Keys.Where(name => stage.RemoveLeft(name, git.Records[name])))
        {
            traffic.ByHand(record);
        }

        Missing = Describe();
        IsDone = Missing.Length == 0;
        if (Missing != _reads)
        {
            (_reads, _since) = (Missing, stage.Now);
        }
        else if (stage.Now - _since >= Patience)
        {
            _reads = null;
            Act();
        }
    }

    private string Describe()
    {
        if (stage.Migration is { } migration)
        {
            var status = migration.Status ?? new();
            return $"migration {status.Phase}, {Stalled(status.Conditions) ?? status.WaitingFor}; {status.SpecEdits?.Count} edits";
        }

        if (git.Migration is not null)
        {
            return "the migration is to be made again";
        }

        if (stage.Set is not { Status: { } set } || Reason(set.Conditions, ConditionTypes.Ready, "True") is null || set.Override is not null || set.ObservedGeneration != stage.Set.Metadata.Generation)
        {
            return $"set {stage.Set?.Status?.Phase}, {Stalled(stage.Set?.Status?.Conditions) ?? Message(stage.Set?.Status?.Conditions)}, override {stage.Set?.Status?.Override?.MigrationName}";
        }

        foreach (var (name, spec) in git.Records)
        {
            if (stage.Record(name) is not { Metadata.DeletionTimestamp: null, Status: { } record } entity || Reason(record.Conditions, ConditionTypes.Ready, "True") is null || record.Override is not null || record.ObservedGeneration != entity.Metadata.Generation)
            {
                return $"{name} {Stalled(stage.Record(name)?.Status?.Conditions) ?? Message(stage.Record(name)?.Status?.Conditions)}, override {stage.Record(name)?.Status?.Override?.MigrationName}";
            }

            if (traffic.Share(name) is { } share && traffic.Share(name, spec) is { } wanted && Math.Abs(share - wanted) > 0.012)
            {
                return $"{name} is served as {Stage.Words(stage.Weights(name))}";
            }
        }

        return stage.PrimaryRegion == git.Set!.PrimaryRegion ? "" : $"the primary is in {stage.PrimaryRegion}, and {git.Set.PrimaryRegion} is wanted";
    }

    private void Act()
    {
        if (stage.Migration is { } migration)
        {
            Lead(migration, migration.Status ?? new());
        }
        else if (stage.Set?.Status is { } set && (Reason(set.Conditions, ConditionTypes.Stalled, "True") ?? Reason(set.Conditions, ConditionTypes.AwaitingApproval, "True")) is { } reason)
        {
            Help(reason, Stalled(set.Conditions));
        }
        else if (!Adopt())
        {
            Settle();
        }
    }

    /// <summary>A record that was made again finds sets without a mark: a person takes them over, as its condition says.</summary>
    private bool Adopt()
    {
        foreach (var (name, spec) in git.Records)
        {
            if (stage.Record(name)?.Status is { Fingerprint: { } fingerprint } status && status.Conditions?.Any(c => c is { Type: ConditionTypes.Stalled, Status: "True", Reason: "NotOurs" or "FingerprintDiffers" }) == true)
            {
                git.CommitRecord($"{name} is taken over", name, spec with { Adoption = new DnsAdoptionSpec { Mode = "Adopt", ExpectedFingerprint = fingerprint } });
                return true;
            }
        }

        return false;
    }

    private void Lead(RegionMigration migration, RegionMigrationStatus status)
    {
        var reason = Reason(status.Conditions, ConditionTypes.Stalled, "True");
        if (reason == "NoWayBack" && status.Phase is not MigrationPhases.RolledBack)
        {
            stage.Log("a person takes the roll-back out");
            migration.Metadata.Annotations?.Remove(Annotations.RollBack);
            migration = stage.Cluster.Migrations.Put(migration, newGeneration: false);
            if (git.Migration is { Intent: "RollBack" } spec)
            {
                git.Commit("spec.intent: Proceed", migration: spec with { Intent = "Proceed" });
            }
            else if (migration.Spec.Intent == "RollBack")
            {
                migration.Spec = migration.Spec with { Intent = "Proceed" };
                stage.Cluster.Migrations.Put(migration, newGeneration: true);
            }

            return;
        }

        if (reason is not null && reason != "NoWayBack")
        {
            Help(reason, Stalled(status.Conditions));
            return;
        }

        if (stage.Set?.Status is { } set && Reason(set.Conditions, ConditionTypes.Stalled, "True") is { } setReason)
        {
            Help(setReason, Stalled(set.Conditions));
            return;
        }

        if (Adopt())
        {
            return;
        }

        if (status.WaitingFor?.StartsWith("a person to promote ", StringComparison.Ordinal) == true)
        {
            Decide(migration, status.Pause);
        }
        else if (status.WaitingFor?.StartsWith("spec.decommission.clientsConfirmed", StringComparison.Ordinal) == true)
        {
            Confirm(migration);
        }
        else if (status.SpecEdits is { Count: > 0 } edits)
        {
            if (SpecEdits.Commit(edits, git) is { } impossible)
            {
                stage.Break(impossible);
            }
        }
        else if (migration.Metadata.DeletionTimestamp is null && status.Phase is MigrationPhases.Completed or MigrationPhases.RolledBack)
        {
            _wasBack = status.Phase == MigrationPhases.RolledBack;
            stage.Log("the migration is at its end and is deleted");
            git.Drop();
            git.Delete(stage.Cluster.Migrations, Stage.MigrationKey);
        }
    }

    /// <summary>Most steps are promoted after a look at the figures; now and then the figures are bad.</summary>
    private void Decide(RegionMigration migration, MigrationPause? pause)
    {
        if (pause is not { Until: null })
        {
            stage.Break($"it waits for a person to promote it, and status.pause is {pause}");
        }
        else if (random.Next(6) > 0)
        {
            stage.Promote($"{pause.Percent}/{pause.Token}");
        }
        else
        {
            stage.Log("nobody promotes it, and it is taken back");
            migration.Metadata.Annotations = new Dictionary<string, string>(migration.Metadata.Annotations ?? new Dictionary<string, string>()) { [Annotations.RollBack] = "the figures are bad" };
            stage.Cluster.Migrations.Put(migration, newGeneration: false);
        }
    }

    private void Confirm(RegionMigration migration)
    {
        if (git.Migration is { } spec)
        {
            git.Commit("the clients are confirmed", migration: spec with { Decommission = spec.Decommission with { ClientsConfirmed = true } });
        }
        else
        {
            migration.Spec = migration.Spec with { Decommission = migration.Spec.Decommission with { ClientsConfirmed = true } };
            stage.Cluster.Migrations.Put(migration, newGeneration: true);
        }
    }

    /// <summary>What a person does about a condition that waits for one.</summary>
    private void Help(string reason, string? message)
    {
        switch (reason)
        {
            case "RecordNotFound" or "ReplicaSetNotFound" or "MemberNotReady":
                // GitOps makes it again, and machines are looked after.
                return;
            case "RegionNotInReplicaSet" or "PrimaryElsewhere" or "NobodyCouldBePrimary" or "InvalidTopology" or "MemberPreflightFailed":
                git.Commit("the set as it was", set: git.Set! with { Regions = stage.Scene.Set.Regions });
                return;
            case "RegionNotInRecord" or "UnknownEndpoint":
                git.Commit("the records as they were", records: stage.Scene.Records);
                return;
            case "ManualApproval" or "Adoption" when stage.Set!.Status!.PlanHash is { } hash:
                git.Commit("the plan is approved", set: git.Set! with { Reconfiguration = git.Set.Reconfiguration with { ApprovedPlanHash = hash } });
                return;
            default:
                stage.Break($"nobody can do anything about {reason}: {message}");
                return;
        }
    }

    /// <summary>No migration is left: what it left behind is settled in Git, and another one may follow.</summary>
    private void Settle()
    {
        if (--_runs > 0 && _wasBack)
        {
            git.Commit("once more", migration: stage.Scene.Migration with { Gates = new GatesSpec(), Decommission = new DecommissionSpec() });
            return;
        }

        var orphaned = git.Records.Keys.Where(name => stage.Record(name)?.Status?.Override is { Orphaned: true }).ToList();
        if (orphaned.Exists(name => !SaysServed(name)))
        {
            git.Commit("the weights that are served", records: git.Records.ToDictionary(r => r.Key, r => Weighted(r.Value, stage.Weights(r.Key))));
        }
        else if (orphaned.Count > 0)
        {
            // What Git says already is no edit: of an override that was never reached, or that has more endpoints, it has to say the rest.
            git.Commit("the weights that the override has", records: git.Records.ToDictionary(r => r.Key, r => orphaned.Contains(r.Key) && stage.Record(r.Key)?.Status?.Override?.Weights is { } asked ? Weighted(WithLeft(r.Key, r.Value, asked), asked) : r.Value));
        }

        if (stage.Set?.Status?.Override is { Orphaned: true } left && stage.PrimaryRegion is { } region)
        {
            git.Commit("the primary's region, and the members as the override has them", set: git.Set! with
            {
                PrimaryRegion = region,
                Regions = [.. git.Set.Regions.Select(r => r with { Members = [.. r.Members.Where(m => left.RetiredMembers?.Contains(m.Host) != true).Select(AsLeft)] }).Where(r => r.Members.Count > 0)],
            });

            MemberSpec AsLeft(MemberSpec member) => member with
            {
                Votes = left.VotelessMembers?.Contains(member.Host) == true ? 0 : member.Votes,
                Hidden = left.HiddenMembers?.Contains(member.Host) == true ? true : member.Hidden,
            };
        }
    }

    /// <summary>An endpoint that left the spec and has weight in the override is listed again; it may leave once the spec counts.</summary>
    private WeightedDnsRecordSpec WithLeft(string record, WeightedDnsRecordSpec spec, IReadOnlyDictionary<string, int> asked) => spec with
    {
        Endpoints = [.. spec.Endpoints, .. asked.Where(w => w.Value > 0 && spec.Endpoints.All(e => e.SetIdentifier != w.Key)).Select(w => git.Endpoints[(record, w.Key)])],
    };

    private bool SaysServed(string record) => git.Records[record].Endpoints.All(e => stage.Weights(record).GetValueOrDefault(e.SetIdentifier) == e.Weight);

    private static WeightedDnsRecordSpec Weighted(WeightedDnsRecordSpec spec, IReadOnlyDictionary<string, int> weights) =>
        spec with { Endpoints = [.. spec.Endpoints.Select(e => e with { Weight = weights.GetValueOrDefault(e.SetIdentifier) })] };

    private void TendMachines()
    {
        foreach (var member in stage.Cluster.Network.Members)
        {
            if (!member.IsRunning && (_starts[member.Host] = _starts.GetValueOrDefault(member.Host) + 1) > 5)
            {
                _starts.Remove(member.Host);
                member.WipeDisk();
            }

            member.Restart();
            if (member.Process?.Topology.State != MemberState.Recovering)
            {
                _stale.Remove(member.Host);
            }
            else if (!_stale.TryAdd(member.Host, stage.Now) && stage.Now - _stale[member.Host] > TimeSpan.FromSeconds(40))
            {
                _stale.Remove(member.Host);
                member.Crash();
                member.WipeDisk();
                member.Restart();
            }
        }
    }

    private static string? Stalled(IReadOnlyList<Condition>? conditions) => conditions?.FirstOrDefault(c => c is { Type: ConditionTypes.Stalled, Status: "True" }) is { } stalled ? $"{stalled.Reason}: {stalled.Message}" : null;

    private static string? Message(IReadOnlyList<Condition>? conditions) => conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready) is { } ready ? $"{ready.Reason}: {ready.Message}" : null;

    private static string? Reason(IReadOnlyList<Condition>? conditions, string type, string status) => conditions?.FirstOrDefault(c => c.Type == type && c.Status == status)?.Reason;
}
