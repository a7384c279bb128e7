using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Resources;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.BuiltIn;

/// <summary>Leases: a PUT may create them; their times are MicroTime.</summary>
internal sealed class LeaseStrategy : ResourceStrategy
{
    public override bool AllowsUnconditionalUpdate => false;

    public override bool AllowsCreateOnUpdate => true;

    public override void ApplyDefaults(JsonObject obj)
    {
        MicroTime.Check(obj.Object("spec"), "acquireTime", "Lease", "coordination.k8s.io/v1");
        MicroTime.Check(obj.Object("spec"), "renewTime", "Lease", "coordination.k8s.io/v1");
    }

    public override IReadOnlyList<FieldError> Validate(JsonObject obj, JsonObject? old, bool statusOnly)
    {
        var errors = new List<FieldError>();
        if (obj.Object("spec").Integer("leaseDurationSeconds") is <= 0 and var seconds)
        {
            errors.Add(new("spec.leaseDurationSeconds", $"Invalid value: {seconds}: must be greater than 0", "FieldValueInvalid"));
        }

        if (obj.Object("spec").Integer("leaseTransitions") is < 0 and var transitions)
        {
            errors.Add(new("spec.leaseTransitions", $"Invalid value: {transitions}: must be greater than or equal to 0", "FieldValueInvalid"));
        }

        return errors;
    }
}

/// <summary>Times with exactly six fraction digits; the API server reads nothing else, so neither does this one.</summary>
internal static partial class MicroTime
{
    public static void Check(JsonObject? obj, string property, string kind, string version)
    {
        if (obj.String(property) is { } text && !Pattern().IsMatch(text))
        {
            throw ApiErrors.BadRequest(
                $"{kind} in version \"{version[(version.IndexOf('/', StringComparison.Ordinal) + 1)..]}\" cannot be handled as a {kind}: parsing time \"{text}\" as \"2006-01-02T15:04:05.000000Z07:00\": "
                + $"cannot parse \"{text}\" as \".000000\"");
        }
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}(Z|[+-]\d{2}:\d{2})$")]
    private static partial Regex Pattern();
}
