using Modestano.Crds.V1Alpha1;
using MongoDB.Bson;

namespace Modestano.Scenarios.MigrationSimulation;

/// <summary>
/// Judges what the set's members carry out: no step-down and no reconfig under a hold, the primary leaves a region only where that was asked
/// for, and a member that the spec names is sent away only by a decommissioning whose conditions hold.
/// </summary>
internal sealed class PrimaryJudge
{
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(15);

    /// <summary>Within this time after a hand-off the next primary is its work.</summary>
    private static readonly TimeSpan HandOff = TimeSpan.FromSeconds(15);

    private readonly Stage _stage;
    private readonly WishJudge _wishes;
    private readonly List<(TimeSpan At, HashSet<string> Hosts)> _specs = [];
    private (string Host, string Region)? _primary;
    private (TimeSpan At, string Host, string Region, string Wanted)? _handOff;
    private HashSet<string> _members = [];

    public PrimaryJudge(Stage stage, Git git, WishJudge wishes)
    {
        (_stage, _wishes) = (stage, wishes);
        git.Committed += () => _specs.Add((stage.Now, [.. (git.Set?.Regions ?? []).SelectMany(r => r.Members).Select(m => m.Host)]));
        stage.Cluster.Calls.CarriedOut += CarriedOut;
    }

    /// <summary>Looks at the primary, every now and then.</summary>
    public void Sample()
    {
        if (_stage.Primary is not { } primary)
        {
            return;
        }

        var now = (primary.Host, primary.Options.Region);
        if (_handOff is { } handOff && now.Host != handOff.Host)
        {
            if (now.Region != handOff.Wanted && _stage.Now - handOff.At <= HandOff)
            {
                _stage.Break($"the primary was handed over inside of {handOff.Region} and is in {now.Region} now");
            }

            _handOff = null;
        }

        _primary = now;
    }

    private void CarriedOut(BsonDocument command)
    {
        var name = command.GetElement(0).Name;
        if (name is not ("replSetStepDown" or "replSetReconfig"))
        {
            return;
        }

        if (_wishes.HoldOf(Stage.SetKey.Name) is { } since && _stage.Now - Max(since, _stage.CalmSince) > Notice)
        {
            _stage.Break($"{name} although the replica set is held");
        }

        var isSteered = _wishes.Asked is not null && !_wishes.IsReleased($"MongoReplicaSet/{Stage.SetKey.Name}");
        if (isSteered && _wishes.HeldSince is { } held && _stage.Now - Max(held, _stage.CalmSince) > Notice)
        {
            _stage.Break($"{name} although the migration is held");
        }

        if (name == "replSetReconfig")
        {
            Reconfigured(command["replSetReconfig"].AsBsonDocument, isSteered);
        }
        else if (isSteered)
        {
            SteppedDown(_wishes.Asked!);
        }
    }

    private void SteppedDown(MigrationOverride asked)
    {
        if (_primary is not var (host, region) || _wishes.MayGoBack || asked.RetiredMembers is not null || region != asked.PrimaryRegion)
        {
            return;
        }

        // A primary that the spec does not name any more hands over before it leaves (R4), inside of its region.
        if (IsWanted(host))
        {
            _stage.Break($"the primary {host} steps down in {region}, and nobody asked for that");
        }

        _handOff = (_stage.Now, host, region, region);
    }

    private void Reconfigured(BsonDocument config, bool isSteered)
    {
        var before = _members;
        _members = [.. config["members"].AsBsonArray.Select(m => m["host"].AsString)];
        var gone = before.Except(_members).Where(IsWanted).ToList();
        if (gone.Count == 0)
        {
            return;
        }

        if (!isSteered || _wishes.Asked!.RetiredMembers is null)
        {
            // The latch of a migration that is gone still holds what it reached.
            if (_stage.Set?.Status?.Override?.RetiredMembers is null)
            {
                _stage.Break($"{string.Join(", ", gone)} left the set, and the spec names it");
            }
        }
        else if (!_wishes.InForce.Any(s => s.Decommission is { Mode: "Remove", ClientsConfirmed: true }) || !_wishes.Reached(100) || _primary?.Region != Scene.To)
        {
            _stage.Break($"M5: {string.Join(", ", gone)} left the set before the clients were confirmed, all traffic was in {Scene.To} and the primary too");
        }
    }

    /// <summary>Whether every spec of the last while names the member.</summary>
    private bool IsWanted(string host)
    {
        var inForce = _specs.FindLastIndex(s => _stage.Now - s.At > Lately);
        return _specs.Skip(Math.Max(inForce, 0)).All(s => s.Hosts.Contains(host));
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
