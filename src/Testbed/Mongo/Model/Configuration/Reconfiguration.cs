using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Model;

/// <summary>
/// Changes the config: on command, by heartbeats from members with a newer one, and by itself (newlyAdded marks, the term after an
/// election). One change at a time.
/// </summary>
internal sealed class Reconfiguration(MemberProcess process)
{
    private const int ForcedVersionJump = 10_000;
    private const int ForcedVersionSpread = 90_000;

    private bool isRunning;
    private string? fetchingFrom;

    /// <summary><c>replSetReconfig</c>.</summary>
    public void Run(BsonDocument sent, bool force, TimeSpan? limit, Action<CommandException?> done)
    {
        RefuseWhileBusy();
        if (!force)
        {
            RefuseUnlessPrimary();
        }

        var started = process.Elapsed;
        if (force)
        {
            CheckAndInstall(sent, force, () => limit, done);
            return;
        }

        process.Commitment.Wait(limit, notCommitted =>
        {
            var error = notCommitted is null
                ? null
                : new CommandException(ErrorCode.CurrentConfigNotCommittedYet, $"New config is rejected :: caused by :: {notCommitted}");
            if (error is null)
            {
                try
                {
                    RefuseUnlessPrimary();
                    RefuseWhileBusy();
                    CheckAndInstall(sent, force, () => limit - (process.Elapsed - started), done);
                    return;
                }
                catch (CommandException refused)
                {
                    error = refused;
                }
            }

            done(error);
        });
    }

    /// <summary>A heartbeat brought a newer config.</summary>
    public void InstallFromHeartbeat(ReplicaSetConfig config)
    {
        if (isRunning || process.Topology.Config is { } current && config.VersionAndTerm <= current.VersionAndTerm)
        {
            return;
        }

        isRunning = true;
        SelfSearch.Run(process, config, () => process.After(process.Member.Speed.JournalDelay, () =>
        {
            isRunning = false;
            if (process.Topology.Config is { } present && config.VersionAndTerm <= present.VersionAndTerm)
            {
                return;
            }

            var joins = process.Topology.Config is null || process.Topology.Self is null;
            if (process.Disk.Config is null && config.FindByHost(process.Host) is { IsDataBearing: true })
            {
                process.Disk.NeedsInitialSync = true;
            }

            process.Topology.Install(config);
            if (joins)
            {
                process.Replicate();
            }
        }));
    }

    /// <summary>Somebody who has a config lists this member, which has none (or an older one): ask for it.</summary>
    public void FetchFirstConfig(string host)
    {
        if (fetchingFrom == host)
        {
            return;
        }

        fetchingFrom = host;
        var request = new HeartbeatRequest(
            process.Member.Options.ReplSetName ?? "", process.Host, -1, process.Topology.Term,
            process.Topology.Config?.VersionAndTerm ?? ConfigVersion.None, null, process.Member.Options.KeyFile);
        process.Call<HeartbeatReply>(
            host,
            TimeSpan.FromSeconds(10),
            (target, respond) => respond(target.HeartbeatResponder.Answer(request)),
            reply =>
            {
                fetchingFrom = null;
                var ours = process.Topology.Config?.Settings.ReplicaSetId;
                if (reply.Config is { } config && (ours is null || ours == config.Settings.ReplicaSetId))
                {
                    process.Topology.NoteTerm(reply.Term);
                    InstallFromHeartbeat(config);
                }
            },
            _ => fetchingFrom = null);
    }

    /// <summary>The primary takes newlyAdded off a member that reached SECONDARY, one at a time.</summary>
    public void RemoveNewlyAdded()
    {
        if (isRunning || !process.Topology.IsWritablePrimary || process.Topology.Config is not { } config || !process.Commitment.IsCommitted)
        {
            return;
        }

        var ready = config.Members.FirstOrDefault(member =>
            member.NewlyAdded && process.Views.FindById(member.Id) is { IsUp: true, State: MemberState.Secondary or MemberState.Recovering });
        if (ready is null)
        {
            return;
        }

        var next = config with
        {
            Version = config.Version + 1,
            Term = process.Topology.Term,
            Members = [.. config.Members.Select(member => member.Id == ready.Id ? member with { NewlyAdded = false } : member)],
        };
        if (ConfigValidator.Complaint(next, process.Release, process.Member.Options.ClusterRole, process.Member.Options.AllowMultipleArbiters) is { } complaint)
        {
            process.Trace($"keeps newlyAdded on {ready.Host}: {complaint}");
            return;
        }

        isRunning = true;
        process.Trace($"takes newlyAdded off {ready.Host}");
        QuorumCheck.Run(process, next, initiate: false, error =>
        {
            if (error is null && process.Topology.IsWritablePrimary && process.Topology.Config == config)
            {
                Install(next, force: false, _ => isRunning = false);
            }
            else
            {
                isRunning = false;
            }
        });
    }

    /// <summary>A new primary keeps the version and raises the term of the config.</summary>
    public void RaiseTerm()
    {
        var config = process.Topology.Config!;
        // A forced config has no term, and keeps none until the next reconfig: with one it would not count as newer than the others' copies.
        if (config.Term != -1 && config.Term != process.Topology.Term)
        {
            Put(config with { Term = process.Topology.Term });
        }
    }

    private void CheckAndInstall(BsonDocument sent, bool force, Func<TimeSpan?> limit, Action<CommandException?> done)
    {
        var next = Check(sent, force);
        isRunning = true;
        SelfSearch.Run(process, next, () =>
        {
            if (force)
            {
                Install(next, force, error =>
                {
                    isRunning = false;
                    done(error);
                });
            }
            else
            {
                CheckQuorumAndInstall(next, limit, done);
            }
        });
    }

    private void CheckQuorumAndInstall(ReplicaSetConfig next, Func<TimeSpan?> limit, Action<CommandException?> done) =>
        QuorumCheck.Run(process, next, initiate: false, error =>
        {
            if (error is not null)
            {
                isRunning = false;
                done(error);
                return;
            }

            Install(next, force: false, notInstalled =>
            {
                isRunning = false;
                if (notInstalled is not null)
                {
                    done(notInstalled);
                    return;
                }

                process.Commitment.Wait(limit(), notCommitted => done(notCommitted is null
                    ? null
                    : new CommandException(
                        ErrorCode.MaxTimeMSExpired, $"Reconfig finished but failed to propagate to a majority :: caused by :: {notCommitted}")));
            });
        });

    private ReplicaSetConfig Check(BsonDocument sent, bool force)
    {
        var current = process.Topology.Config!;
        var wanted = ConfigReader.Read(sent, process.Release, force ? 1 : null);
        if (wanted.Name != process.Member.Options.ReplSetName)
        {
            throw ConfigFields.Invalid(
                "Rejecting reconfig where new config set name differs from command line set name, " +
                $"new config set name: {wanted.Name}, command line set name: {process.Member.Options.ReplSetName}");
        }

        var next = ReconfigRules.Complete(current, wanted, process.Release);
        next = force
            ? next with
            {
                Term = -1,
                Version = Math.Max(current.Version, next.Version) + ForcedVersionJump + process.Random.Next(ForcedVersionSpread),
                Members = [.. next.Members.Select(member => member with { NewlyAdded = current.FindById(member.Id) is { NewlyAdded: true } })],
            }
            : next with { Term = process.Topology.Term };
        ReconfigRules.Check(current, next, process.Release, process.Member.Options.AllowMultipleArbiters, force, process.Disk.Defaults?.WriteConcern is not null);
        if (next.FindByHost(process.Host) is not { } self)
        {
            throw new CommandException(
                ErrorCode.NodeNotFound,
                $"No host described in new configuration with {next.VersionAndTerm} for replica set {next.Name} maps to this node");
        }

        return force || self.IsElectable
            ? next
            : throw new CommandException(
                ErrorCode.NodeNotElectable,
                $"This node, {self.Host}, with _id MemberId({self.Id}) is not electable under the new configuration " +
                $"with {next.VersionAndTerm} for replica set {next.Name}");
    }

    private void Install(ReplicaSetConfig config, bool force, Action<CommandException?> installed) =>
        process.After(process.Member.Speed.JournalDelay, () => InstallNow(config, force, installed));

    private void InstallNow(ReplicaSetConfig config, bool force, Action<CommandException?> installed)
    {
        // It may have lost the role meanwhile, and with it the right to this change.
        if (!force && (!process.Topology.IsWritablePrimary || config.Term != process.Topology.Term))
        {
            installed(NotPrimary());
            return;
        }

        Put(config);
        if (process.Topology.IsWritablePrimary)
        {
            process.Writer.WriteNoOp(new BsonDocument { { "msg", "Reconfig set" }, { "version", config.Version } });
        }

        installed(null);
    }

    private void Put(ReplicaSetConfig config)
    {
        process.Commitment.RequiredCommitPoint = process.CommitPoint.Value;
        process.Topology.Install(config);
        process.ElectionTimer.RunIfAlone();
    }

    private void RefuseWhileBusy()
    {
        if (isRunning)
        {
            throw new CommandException(
                ErrorCode.ConfigurationInProgress, "Cannot run replSetReconfig because the node is currently updating its configuration");
        }
    }

    private void RefuseUnlessPrimary()
    {
        if (!process.Topology.IsWritablePrimary)
        {
            throw NotPrimary();
        }
    }

    private CommandException NotPrimary() => new(
        ErrorCode.NotWritablePrimary,
        "New config is rejected :: caused by :: replSetReconfig should only be run on a writable PRIMARY. " +
        $"Current state {MemberStateText.Of(process.Topology.State)};");
}
