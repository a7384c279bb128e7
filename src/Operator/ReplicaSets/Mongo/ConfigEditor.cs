using Modestano.Operator.ReplicaSets.Observation;
using Modestano.Operator.ReplicaSets.Planning;
using Modestano.Operator.ReplicaSets.Planning.Changes;
using MongoDB.Bson;

namespace Modestano.Operator.ReplicaSets.Mongo;

/// <summary>
/// Applies a step's typed edits to the raw configuration document. Every field that the step does not name is carried through as it was,
/// fields that this operator has never heard of included. What the rules judged is the typed view of the result: that is checked here, where both are known.
/// </summary>
public static class ConfigEditor
{
    /// <summary>The document to send.</summary>
    /// <param name="current">The raw document in force; not changed.</param>
    /// <param name="step">The edits.</param>
    /// <exception cref="StepVoidException">The document is not the one that the step was computed from, or a member does not match (R7), or the document would not say what the rules judged.</exception>
    public static BsonDocument Apply(BsonDocument current, Reconfig step)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(step);
        var (version, term) = (current.Whole("version") ?? 0, current.Whole("term") ?? -1);
        if ((version, term) != (step.BaseVersion, step.BaseTerm))
        {
            throw new StepVoidException(
                $"the configuration is (version {version}, term {term}), the step was computed from (version {step.BaseVersion}, term {step.BaseTerm})");
        }

        var next = (BsonDocument)current.DeepClone();
        next["version"] = checked((int)(version + 1));
        var members = next["members"].AsBsonArray;
        var delayField = DelayField(members);
        foreach (var edit in step.Edits)
        {
            Edit(Find(members, edit.Id, edit.Host), edit, delayField);
        }

        foreach (var removal in step.Removals)
        {
            members.Remove(Find(members, removal.Id, removal.Host));
        }

        foreach (var addition in step.Additions)
        {
            members.Add(Member(addition, delayField));
        }

        if (step.Settings is { } settings)
        {
            Edit(next, settings);
        }

        if (Typed(current) is { } before && (Typed(next) is not { } after || !ConfigChanges.SameContent(ConfigChanges.Apply(before, step), after)))
        {
            throw new StepVoidException($"the document that \"{step.Summary}\" makes would not say what its rules judged. This is a defect of the operator: please report it with the output of rs.conf()");
        }

        return next;
    }

    private static ReplicaSetConfig? Typed(BsonDocument config) => ConfigReader.Read(config, committed: true, new HashSet<string>());

    /// <summary>A new member with the fields that differ from MongoDB's defaults, and always its vote and priority.</summary>
    /// <param name="member">The member.</param>
    /// <param name="delayField"><c>secondaryDelaySecs</c>, before 5.0 <c>slaveDelay</c>.</param>
    public static BsonDocument Member(ConfigMember member, string delayField = "secondaryDelaySecs")
    {
        ArgumentNullException.ThrowIfNull(member);
        var document = new BsonDocument { { "_id", member.Id }, { "host", member.Host }, { "votes", member.Votes }, { "priority", member.Priority } };
        document.Add("hidden", true, member.Hidden);
        document.Add("arbiterOnly", true, member.ArbiterOnly);
        document.Add("buildIndexes", false, !member.BuildIndexes);
        document.Add(delayField, member.SecondaryDelaySecs, member.SecondaryDelaySecs != 0);
        document.Add("tags", Texts(member.Tags), member.Tags.Count > 0);
        document.Add("horizons", Texts(member.Horizons), member.Horizons.Count > 0);
        return document;
    }

    private static void Edit(BsonDocument member, MemberEdit edit, string delayField)
    {
        if (edit.NewHost is { } host)
        {
            member["host"] = host;
        }

        Set(member, "votes", edit.Votes);
        Set(member, "priority", edit.Priority);
        Set(member, "hidden", edit.Hidden);
        Set(member, delayField, edit.SecondaryDelaySecs);
        if (edit.Tags is { } tags)
        {
            member["tags"] = Texts(tags);
        }

        if (edit.Horizons is { Count: > 0 } horizons)
        {
            member["horizons"] = Texts(horizons);
        }
        else if (edit.Horizons is not null)
        {
            member.Remove("horizons");
        }
    }

    private static void Edit(BsonDocument config, ConfigSettings wanted)
    {
        var settings = config.Doc("settings") ?? [];
        Set(settings, "electionTimeoutMillis", wanted.ElectionTimeoutMillis);
        Set(settings, "heartbeatIntervalMillis", wanted.HeartbeatIntervalMillis);
        Set(settings, "heartbeatTimeoutSecs", wanted.HeartbeatTimeoutSecs);
        Set(settings, "catchUpTimeoutMillis", wanted.CatchUpTimeoutMillis);
        Set(settings, "catchUpTakeoverDelayMillis", wanted.CatchUpTakeoverDelayMillis);
        Set(settings, "chainingAllowed", wanted.ChainingAllowed);
        if (wanted.GetLastErrorModes is { } modes)
        {
            settings["getLastErrorModes"] = new BsonDocument(
                modes.Select(mode => new BsonElement(mode.Key, new BsonDocument(mode.Value.Select(tag => new BsonElement(tag.Key, tag.Value))))));
        }

        config["settings"] = settings;
    }

    private static void Set<T>(BsonDocument document, string field, T? value)
        where T : struct
    {
        if (value is { } set)
        {
            document[field] = BsonValue.Create(set);
        }
    }

    private static BsonDocument Find(BsonArray members, int id, string host) =>
        members.OfType<BsonDocument>().FirstOrDefault(m => m.Whole("_id") == id && m.Text("host") == host)
        ?? throw new StepVoidException($"the configuration has no member {host} with _id {id}");

    /// <summary>The name that this server uses: 4.9 refuses the newer one, 5.0 and later the older one.</summary>
    private static string DelayField(BsonArray members) =>
        members.OfType<BsonDocument>().Any(m => m.Contains("slaveDelay")) ? "slaveDelay" : "secondaryDelaySecs";

    private static BsonDocument Texts(IReadOnlyDictionary<string, string> texts) => new(texts.Select(t => new BsonElement(t.Key, t.Value)));
}

/// <summary>The replica set is not in the state that a step was computed from: observe again, nothing was sent.</summary>
public sealed class StepVoidException(string message) : Exception(message);
