using Modestano.Testbed.KubeApi.Http;
using Modestano.Testbed.KubeApi.Schema;
using Modestano.Testbed.KubeApi.Storage;

namespace Modestano.Testbed.KubeApi.Resources;

internal enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}

/// <summary>Query parameters of a write.</summary>
internal sealed record WriteOptions
{
    /// <summary>Whose field ownership the write changes: fieldManager, or the User-Agent up to the slash.</summary>
    public string Manager { get; init; } = "unknown";

    /// <summary>A PATCH, whose errors differ in places from those of a PUT.</summary>
    public bool IsPatch { get; init; }

    public bool DryRun { get; init; }

    public FieldValidation FieldValidation { get; init; } = FieldValidation.Warn;

    /// <summary>An apply takes fields over from other managers.</summary>
    public bool Force { get; init; }

    /// <summary>Texts for <c>Warning</c> headers.</summary>
    public List<string> Warnings { get; } = [];

    /// <param name="request">The request.</param>
    /// <param name="optionsKind">Whose validation message is given: CreateOptions, UpdateOptions, PatchOptions.</param>
    public static WriteOptions From(ApiRequest request, string optionsKind)
    {
        var errors = new List<FieldError>();
        var manager = request.Query("fieldManager") ?? "";
        if (manager.Length > 128)
        {
            errors.Add(new("fieldManager", "Too long: must have at most 128 bytes", "FieldValueTooLong"));
        }

        for (var i = 0; i < manager.Length; i++)
        {
            if (char.IsControl(manager[i]))
            {
                errors.Add(new("fieldManager", $"Invalid value: {JsonText.Text(manager)}: invalid character U+{(int)manager[i]:X4} (at position {i})", "FieldValueInvalid"));
            }
        }

        var dryRun = request.Http.Request.Query["dryRun"];
        if (dryRun.Any(d => d != "All"))
        {
            errors.Add(new("dryRun", $"Unsupported value: []string{{\"{string.Join("\", \"", dryRun.ToArray())}\"}}: supported values: \"All\"", "FieldValueNotSupported"));
        }

        var validation = request.Query("fieldValidation") ?? "";
        if (validation is not ("" or "Ignore" or "Strict" or "Warn"))
        {
            errors.Add(new("fieldValidation", $"Unsupported value: \"{validation}\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"", "FieldValueNotSupported"));
        }

        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid("meta.k8s.io", optionsKind, "", errors);
        }

        return new WriteOptions
        {
            Manager = manager.Length > 0 ? manager : ManagerOf(request.Http.Request.Headers.UserAgent.ToString()),
            DryRun = dryRun.Count > 0,
            FieldValidation = validation switch { "Strict" => FieldValidation.Strict, "Ignore" => FieldValidation.Ignore, _ => FieldValidation.Warn },
            IsPatch = optionsKind == "PatchOptions",
            Force = request.QueryFlag("force"),
        };
    }

    private static string ManagerOf(string userAgent)
    {
        var name = userAgent.Split('/')[0];
        return name.Length == 0 ? "unknown" : name[..Math.Min(name.Length, 128)];
    }
}
