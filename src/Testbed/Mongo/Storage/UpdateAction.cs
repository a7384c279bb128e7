using MongoDB.Bson;

namespace Modestano.Testbed.Mongo.Storage;

/// <summary>One field of one update operator.</summary>
internal abstract class UpdateAction(BsonElement field)
{
    public FieldPath Path { get; } = Check(field.Name);

    /// <summary>The paths that it writes; two actions may not write one place.</summary>
    public virtual IEnumerable<string> Touches => [Path.Text];

    protected BsonValue Operand { get; } = field.Value;

    public abstract void Apply(BsonDocument document, bool inserting, DateTimeOffset now);

    /// <exception cref="CommandFailedException">9 FailedToParse for an operator that does not exist.</exception>
    public static Func<BsonElement, UpdateAction> MakerOf(string name) => name switch
    {
        "$set" => field => new SetAction(field, onInsertOnly: false),
        "$setOnInsert" => field => new SetAction(field, onInsertOnly: true),
        "$unset" => field => new UnsetAction(field),
        "$inc" => field => new ArithmeticAction(field, name, Arithmetic.Add),
        "$mul" => field => new ArithmeticAction(field, name, Arithmetic.Multiply),
        "$min" => field => new ExtremeAction(field, sign: -1),
        "$max" => field => new ExtremeAction(field, sign: 1),
        "$rename" => field => new RenameAction(field),
        "$currentDate" => field => new CurrentDateAction(field),
        "$push" => field => new PushAction(field),
        "$addToSet" => field => new AddToSetAction(field),
        "$pull" => field => new PullAction(field),
        "$pullAll" => field => new PullAllAction(field),
        "$pop" => field => new PopAction(field),
        "$bit" => throw ServerError.NotSupported("$bit is not supported by this member").ToException(),
        _ => throw ServerError.FailedToParse(
            $"Unknown modifier: {name}. Expected a valid update modifier or pipeline-style update specified as an array").ToException(),
    };

    private static FieldPath Check(string name)
    {
        var path = FieldPath.Parse(name);
        if (path.Parts.Contains(string.Empty))
        {
            throw new CommandFailedException(
                56, "EmptyFieldName", $"The update path '{name}' contains an empty field name, which is not allowed.");
        }

        return path.Parts.Any(part => part == "$" || part.StartsWith("$[", StringComparison.Ordinal))
            ? throw ServerError.NotSupported($"Positional updates ('{name}') are not supported by this member").ToException()
            : path;
    }
}

internal sealed class SetAction(BsonElement field, bool onInsertOnly) : UpdateAction(field)
{
    public override void Apply(BsonDocument document, bool inserting, DateTimeOffset now)
    {
        if (inserting || !onInsertOnly)
        {
            UpdateTarget.Set(document, Path, Operand);
        }
    }
}

internal sealed class UnsetAction(BsonElement field) : UpdateAction(field)
{
    public override void Apply(BsonDocument document, bool inserting, DateTimeOffset now) => UpdateTarget.Unset(document, Path);
}

internal sealed class ArithmeticAction : UpdateAction
{
    private readonly string _name;
    private readonly Func<BsonValue, BsonValue, BsonValue> _operation;

    public ArithmeticAction(BsonElement field, string name, Func<BsonValue, BsonValue, BsonValue> operation)
        : base(field)
    {
        _name = name;
        _operation = operation;
        if (!FieldTypes.IsNumber(field.Value))
        {
            var verb = name == "$inc" ? "increment" : "multiply";
            throw ServerError.TypeMismatch(
                $"Cannot {verb} with non-numeric argument: {{{field.Name}: {ServerText.Of(field.Value)}}}").ToException();
        }
    }

    public override void Apply(BsonDocument document, bool inserting, DateTimeOffset now)
    {
        var current = UpdateTarget.Get(document, Path);
        if (current is not null && !FieldTypes.IsNumber(current))
        {
            throw ServerError.TypeMismatch(
                $"Cannot apply {_name} to a value of non-numeric type. {{_id: {ServerText.Of(document.GetValue("_id", BsonNull.Value))}}} "
                + $"has the field '{Path.Parts[^1]}' of non-numeric type {FieldTypes.NameOf(current)}").ToException();
        }

        var missing = _name == "$inc" ? Operand : _operation(new BsonInt32(0), Operand);
        UpdateTarget.Set(document, Path, current is null ? missing : _operation(current, Operand));
    }
}

internal sealed class ExtremeAction(BsonElement field, int sign) : UpdateAction(field)
{
    public override void Apply(BsonDocument document, bool inserting, DateTimeOffset now)
    {
        var current = UpdateTarget.Get(document, Path);
        if (current is null || BsonOrder.CompareValues(Operand, current) * sign > 0)
        {
            UpdateTarget.Set(document, Path, Operand);
        }
    }
}

internal sealed class RenameAction : UpdateAction
{
    private readonly FieldPath _target;

    public RenameAction(BsonElement field)
        : base(field)
    {
        _target = FieldPath.Parse(field.Value is BsonString target
            ? target.Value
            : throw ServerError.BadValue($"The 'to' field for $rename must be a string: {field.Name}: {ServerText.Of(field.Value)}").ToException());
    }

    public override IEnumerable<string> Touches => [Path.Text, _target.Text];

    public override void Apply(BsonDocument document, bool inserting, DateTimeOffset now)
    {
        if (UpdateTarget.Get(document, Path) is { } value)
        {
            UpdateTarget.Unset(document, Path);
            UpdateTarget.Set(document, _target, value);
        }
    }
}

internal sealed class CurrentDateAction : UpdateAction
{
    private readonly bool _timestamp;

    public CurrentDateAction(BsonElement field)
        : base(field)
    {
        _timestamp = field.Value switch
        {
            BsonBoolean => false,
            BsonDocument document when document.GetValue("$type", string.Empty) == "date" => false,
            BsonDocument document when document.GetValue("$type", string.Empty) == "timestamp" => true,
            _ => throw ServerError.BadValue(
                "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}").ToException(),
        };
    }

    public override void Apply(BsonDocument document, bool inserting, DateTimeOffset now) => UpdateTarget.Set(
        document, Path,
        _timestamp ? new BsonTimestamp((int)now.ToUnixTimeSeconds(), 1) : new BsonDateTime(now.ToUnixTimeMilliseconds()));
}
