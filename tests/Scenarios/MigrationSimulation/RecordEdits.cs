using Modestano.Crds.V1Alpha1;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>What people change in a record's spec while a migration moves it.</summary>
internal sealed class RecordEdits(Stage stage, Git git, Random random)
{
    private int _names;

    /// <summary>One edit of one record.</summary>
    public void Edit()
    {
        if (git.Records.Count == 0)
        {
            return;
        }

        var (name, spec) = git.Records.ElementAt(random.Next(git.Records.Count));
        var endpoints = spec.Endpoints.ToList();
        var one = random.Next(endpoints.Count);
        var what = "an endpoint";
        switch (random.Next(9))
        {
            case 0 when endpoints.Count > 1:
                what = $"{endpoints[one].SetIdentifier} leaves";
                endpoints.RemoveAt(one);
                break;
            case 1:
                var region = random.Next(2) == 0 ? Scene.From : Scene.To;
                endpoints.Add(stage.Scene.Endpoint($"{region}-new-{++_names}", region, random.Next(2) == 0 ? 0 : random.Next(1, 256)));
                what = $"{endpoints[^1].SetIdentifier} comes";
                break;
            case 2:
                what = $"{endpoints[one].SetIdentifier} is renamed";
                endpoints[one] = endpoints[one] with { SetIdentifier = $"{endpoints[one].Region}-named-{++_names}" };
                break;
            case 3 or 4:
                endpoints[one] = endpoints[one] with { Weight = random.Next(3) == 0 ? 0 : random.Next(1, 256) };
                what = $"{endpoints[one].SetIdentifier} gets weight {endpoints[one].Weight}";
                break;
            case 5:
                endpoints[one] = stage.Scene.Endpoint(endpoints[one].SetIdentifier, endpoints[one].Region!, endpoints[one].Weight) with { HealthCheckId = endpoints[one].HealthCheckId };
                what = $"{endpoints[one].SetIdentifier} gets another address";
                break;
            case 6:
                git.CommitRecord($"{name}: another TTL", name, spec with { Ttl = random.Next(1, 15) });
                return;
            case 7:
                git.CommitRecord($"{name}: another pace", name, spec with { Shift = spec.Shift is null ? new ShiftSpec { MaxStepPercent = random.Next(10, 60), Interval = Duration.FromSeconds(5) } : null });
                return;
            default:
                stage.Log($"{name} is deleted");
                git.Delete(stage.Cluster.Records, Stage.RecordKey(name));
                return;
        }

        // The API server refuses a record whose weights are all 0.
        if (endpoints.Any(e => e.Weight > 0))
        {
            git.CommitRecord($"{name}: {what}", name, spec with { Endpoints = endpoints });
        }
    }
}
