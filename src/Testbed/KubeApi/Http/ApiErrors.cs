using System.Text.Json.Nodes;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Http;

/// <summary>The failures of a Kubernetes API server, with the texts that clients and people know.</summary>
internal static class ApiErrors
{
    public static ApiException NotFound(ResourceKind kind, string name) =>
        new(404, "NotFound", $"{kind.QualifiedPlural} \"{name}\" not found", ResourceDetails(kind, name));

    public static ApiException NoSuchResource() =>
        new(404, "NotFound", "the server could not find the requested resource", new JsonObject());

    public static ApiException AlreadyExists(ResourceKind kind, string name, bool isBeingDeleted) =>
        new(409, "AlreadyExists", (isBeingDeleted ? "object is being deleted: " : "") + $"{kind.QualifiedPlural} \"{name}\" already exists", ResourceDetails(kind, name));

    public static ApiException Modified(ResourceKind kind, string name) =>
        Conflict(kind.QualifiedPlural, kind, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiException PreconditionFailed(ResourceKind kind, string name, string field, string wanted, string found) =>
        new(
            409,
            "Conflict",
            $"Operation cannot be fulfilled on {kind.QualifiedKind} \"{name}\": the {field} in the precondition ({wanted}) does not match the {field} in record ({found}). "
                + (field == "UID" ? "The object might have been deleted and then recreated" : "The object might have been modified"),
            ResourceDetails(kind with { Plural = kind.Kind }, name));

    public static ApiException Conflict(string qualified, ResourceKind kind, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {qualified} \"{name}\": {why}", ResourceDetails(kind, name));

    /// <summary>
    /// A PUT that could create, with the uid of an object that is gone: the storage's own words (kwok #705 shows them for a lease). Who deletes a
    /// lease is not undone by a renewal that was on its way.
    /// </summary>
    public static ApiException GoneObject(ResourceKind kind, string? inNamespace, string name, string uid) =>
        Conflict(
            kind.QualifiedPlural, kind, name,
            $"StorageError: invalid object, Code: 4, Key: /registry/{kind.Plural}/{(inNamespace is null ? "" : inNamespace + "/")}{name}, ResourceVersion: 0, "
                + $"AdditionalErrorMsg: Precondition failed: UID in precondition: {uid}, UID in object meta: ");

    /// <summary>An update without a resourceVersion; unlike every other 422 it names the plural.</summary>
    public static ApiException WithoutVersion(ResourceKind kind, string name) =>
        Invalid(kind.Group, kind.Plural, name, [new("metadata.resourceVersion", "Invalid value: 0x0: must be specified for an update", "FieldValueInvalid")]);

    public static ApiException Invalid(ResourceKind kind, string name, IReadOnlyList<FieldError> errors) =>
        Invalid(kind.Group, kind.Kind, name, errors);

    public static ApiException Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var causes = new JsonArray();
        foreach (var error in errors)
        {
            causes.Add(new JsonObject { ["reason"] = error.Reason, ["message"] = error.Detail, ["field"] = error.Field });
        }

        var lines = errors.Select(e => $"{e.Field}: {e.Detail}").Distinct(StringComparer.Ordinal).ToList();
        var text = lines.Count == 1 ? lines[0] : $"[{string.Join(", ", lines)}]";
        var qualified = group.Length == 0 ? kind : $"{kind}.{group}";
        var details = new JsonObject();
        if (name.Length > 0)
        {
            details["name"] = name;
        }

        if (group.Length > 0)
        {
            details["group"] = group;
        }

        if (kind.Length > 0)
        {
            details["kind"] = kind;
        }

        details["causes"] = causes;
        return new ApiException(422, "Invalid", $"{qualified} \"{name}\" is invalid: {text}", details);
    }

    public static ApiException Forbidden(string qualifiedPlural, string? name, string why, JsonObject details) =>
        new(403, "Forbidden", $"{qualifiedPlural}{(string.IsNullOrEmpty(name) ? "" : $" \"{name}\"")} is forbidden: {why}", details);

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiException VerbNotSupported(ResourceKind kind, string verb) =>
        kind.IsCustom
            ? new(405, "MethodNotAllowed", $"{verb} is not supported on resources of kind \"{kind.QualifiedPlural}\"", ResourceDetails(kind, null))
            : MethodNotAllowed();

    public static ApiException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", new JsonObject());

    public static ApiException NotAcceptable(string accepted) =>
        new(406, "NotAcceptable", $"only the following media types are accepted: {accepted}");

    public static ApiException UnsupportedMediaType(string accepted) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {accepted}");

    public static ApiException TooLarge(long limit) =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}");

    public static ApiException Internal(string message) => new(500, "", message);

    public static ApiException ExpiredList() => new(410, "Expired", "The resourceVersion for the provided list is too old.");

    public static ApiException ExpiredWatch(long requested, long oldest) => new(410, "Expired", $"too old resource version: {requested} ({oldest})");

    public static ApiException ExpiredContinue(string token) =>
        new(
            410,
            "Expired",
            "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, "
            + "or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - "
            + "objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.")
        {
            Continue = token,
        };

    public static ApiException RevisionTooLarge(long requested, long current) =>
        new(
            504,
            "Timeout",
            $"Timeout: Too large resource version: {requested} ({current})",
            new JsonObject
            {
                ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }),
                ["retryAfterSeconds"] = 1,
            })
        {
            RetryAfterSeconds = 1,
        };

    public static JsonObject ResourceDetails(ResourceKind kind, string? name)
    {
        var details = new JsonObject();
        if (!string.IsNullOrEmpty(name))
        {
            details["name"] = name;
        }

        if (kind.Group.Length > 0)
        {
            details["group"] = kind.Group;
        }

        details["kind"] = kind.Plural;
        return details;
    }
}
