namespace Modestano.Testbed.KubeApi.Faults;

/// <summary>A request as counters and faults see it.</summary>
/// <param name="Verb">get, list, watch, create, update, patch, delete or deletecollection.</param>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version.</param>
/// <param name="Resource">The plural; empty where the path names none.</param>
/// <param name="Subresource">status, scale or empty.</param>
/// <param name="Namespace">The namespace; empty for none or all.</param>
/// <param name="Name">The object; empty for collections.</param>
/// <param name="User">Who asks.</param>
/// <param name="Path">The whole path.</param>
public sealed record KubeRequest(
    string Verb,
    string Group,
    string Version,
    string Resource,
    string Subresource,
    string Namespace,
    string Name,
    string User,
    string Path);
