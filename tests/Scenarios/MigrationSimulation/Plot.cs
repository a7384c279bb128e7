using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>What people do to a migration on its way: they hold it, turn it back, edit what it moves, delete it. Some of it ends by itself.</summary>
internal sealed class Plot(Stage stage, Git git, RecordEdits records, Random random, Mischief allowed)
{
    private readonly List<Action> _open = [];
    private bool _isOver;
    private string? _promoted;

    /// <summary>Does something every now and then until it is stopped.</summary>
    public void Start() => Later(3, 60, () =>
    {
        Once();
        Start();
    });

    /// <summary>Nobody holds anything any more.</summary>
    public void Stop()
    {
        _isOver = true;
        _open.ForEach(end => end());
        _open.Clear();
        if (git.Migration is { Intent: "Hold" } held)
        {
            git.Commit("the migration proceeds", migration: held with { Intent = "Proceed" });
        }
    }

    private void Once()
    {
        switch (random.Next(24))
        {
            case 0 or 1 when Allowed(Mischief.Holds):
                Hold();
                break;
            case 2 when Allowed(Mischief.Holds) && git.Migration is { Intent: "Proceed" } spec:
                git.Commit("spec.intent: Hold", migration: spec with { Intent = "Hold" });
                Later(5, 60, () =>
                {
                    if (git.Migration is { Intent: "Hold" } held)
                    {
                        git.Commit("spec.intent: Proceed", migration: held with { Intent = "Proceed" });
                    }
                });
                break;
            case 3 when Allowed(Mischief.RollBacks) && stage.Migration is { } migration:
                stage.Log("a person asks for a roll-back");
                migration.Metadata.Annotations = new Dictionary<string, string>(migration.Metadata.Annotations ?? new Dictionary<string, string>()) { [Annotations.RollBack] = "orders fail" };
                stage.Cluster.Migrations.Put(migration, newGeneration: false);
                break;
            case 4 when Allowed(Mischief.RollBacks) && random.Next(2) == 0 && git.Migration is { } spec:
                git.Commit("spec.intent: RollBack", migration: spec with { Intent = "RollBack" });
                break;
            case 5 when Allowed(Mischief.Deletions) && git.Migration is not null:
                stage.Log("the migration is deleted");
                git.Drop();
                git.Delete(stage.Cluster.Migrations, Stage.MigrationKey);
                break;
            case 6 when Allowed(Mischief.ForcedRemovals) && stage.Migration is not null:
                stage.Log("the migration vanishes");
                if (random.Next(2) == 0)
                {
                    git.Drop();
                }

                stage.Cluster.Migrations.Remove(Stage.MigrationKey);
                break;
            case 7 or 8 or 9 when Allowed(Mischief.MigrationEdits) && git.Migration is { } spec:
                git.Commit("an edit of the migration", migration: Edited(spec));
                break;
            case 10 or 11 or 12 or 13 when Allowed(Mischief.RecordEdits):
                records.Edit();
                break;
            case 14 when Allowed(Mischief.RecordEdits):
                git.Revert(random.Next(1, 4));
                break;
            case 15 or 16 when Allowed(Mischief.SetEdits):
                git.Commit("an edit of the set", set: Edited(git.Set!));
                break;
            case 17 or 18 or 19 or 20 when Allowed(Mischief.Promotions) && stage.Migration?.Status?.Pause is { } pause:
                Promote(pause);
                break;
            default:
                stage.Log("GitOps applies again");
                git.Apply();
                break;
        }
    }

    /// <summary>Mostly what stands in status; sometimes the share alone, or what was right for the pause before.</summary>
    private void Promote(MigrationPause pause)
    {
        var right = $"{pause.Percent}/{pause.Token}";
        stage.Promote(random.Next(4) switch { 0 when _promoted is not null => _promoted, 1 => $"{pause.Percent}", _ => right });
        _promoted = right;
    }

    private bool Allowed(Mischief kind) => allowed.HasFlag(kind);

    private void Hold()
    {
        stage.Log("a person holds something");
        switch (random.Next(3))
        {
            case 0:
                For(stage.Cluster.Sets, Stage.SetKey);
                break;
            case 1 when git.Records.Count > 0:
                For(stage.Cluster.Records, Stage.RecordKey(git.Records.Keys.First()));
                break;
            default:
                For(stage.Cluster.Migrations, Stage.MigrationKey);
                break;
        }

        void For<TEntity>(Dns.StoredEntities<TEntity> stored, Operator.Runtime.ObjectKey key)
            where TEntity : class, k8s.IKubernetesObject<k8s.Models.V1ObjectMeta>
        {
            Annotate("a release is under way");
            Action end = () => Annotate(null);
            _open.Add(end);
            Later(5, 60, end);

            void Annotate(string? why)
            {
                if (stored.Find(key) is { } entity)
                {
                    var annotations = new Dictionary<string, string>(entity.Metadata.Annotations ?? new Dictionary<string, string>());
                    annotations.Remove(Annotations.Hold);
                    if (why is not null)
                    {
                        annotations[Annotations.Hold] = why;
                    }

                    entity.Metadata.Annotations = annotations;
                    stored.Put(entity, newGeneration: false);
                }
            }
        }
    }

    private RegionMigrationSpec Edited(RegionMigrationSpec spec) => random.Next(7) switch
    {
        6 => spec with { Windows = stage.Scene.Windows() },
        0 or 1 => spec with { TrafficSteps = stage.Scene.Steps() },
        2 => spec with { TrafficSteps = [.. spec.TrafficSteps.Select(s => s with { Hold = stage.Scene.Hold() })] },
        3 => spec with { OnGateFailure = spec.OnGateFailure == "Hold" ? "RollBack" : "Hold" },
        4 => spec with { OnDelete = spec.OnDelete == "Hold" ? "RollBack" : "Hold" },
        _ => spec with { Primary = new PrimaryMoveSpec { MoveAtPercent = random.Next(0, 101) } },
    };

    private MongoReplicaSetSpec Edited(MongoReplicaSetSpec spec)
    {
        var regions = spec.Regions.ToList();
        var one = random.Next(regions.Count);
        var members = regions[one].Members.ToList();
        switch (random.Next(5))
        {
            case 0 when members.Count > 2:
                members.RemoveAt(random.Next(members.Count));
                break;
            case 1 when stage.Scene.Hosts[regions[one].Name].FirstOrDefault(h => members.TrueForAll(m => m.Host != h)) is { } absent:
                members.Add(new MemberSpec { Host = absent });
                break;
            case 2:
                return spec with { PrimaryRegion = spec.PrimaryRegion == Scene.From ? Scene.To : Scene.From };
            case 3:
                members[0] = members[0] with { Tags = new Dictionary<string, string> { ["use"] = $"edit-{random.Next(5)}" } };
                break;
            default:
                return spec with { Reconfiguration = spec.Reconfiguration with { StabilizationWindow = Duration.FromSeconds(random.Next(0, 20)) } };
        }

        regions[one] = regions[one] with { Members = members };
        return spec with { Regions = regions };
    }

    private void Later(int atLeast, int atMost, Action action) => stage.Loop.Schedule(TimeSpan.FromSeconds(atLeast + (random.NextDouble() * (atMost - atLeast))), () =>
    {
        if (!_isOver)
        {
            action();
        }
    });
}
