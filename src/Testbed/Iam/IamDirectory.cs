using System.Globalization;

namespace Modestano.Testbed.Iam;

/// <summary>Who is known, with which keys, and what each may do. Signatures are not recomputed: a key is believed.</summary>
public sealed class IamDirectory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (IamPrincipal Principal, string? SessionToken)> _keys = [];
    private readonly Dictionary<string, IamRole> _roles = [];
    private int _issued;

    /// <summary>Adds somebody with long-lived keys.</summary>
    public void AddUser(string accessKey, string arn, PolicyDocument permissions)
    {
        lock (_gate)
        {
            _keys[accessKey] = (new IamPrincipal(arn, arn, permissions), null);
        }
    }

    /// <summary>Adds a role, or changes it; sessions that are open see the change.</summary>
    /// <param name="arn">As <c>arn:aws:iam::123456789012:role/modestano-dns</c>.</param>
    /// <param name="trust">Who may assume it.</param>
    /// <param name="permissions">What its sessions may do.</param>
    public void PutRole(string arn, PolicyDocument trust, PolicyDocument permissions)
    {
        lock (_gate)
        {
            _roles[arn] = new IamRole(arn, trust, permissions);
        }
    }

    /// <summary>Who signs with a key; null: nobody, or the session's token is another one.</summary>
    public IamPrincipal? Find(string accessKey, string? sessionToken)
    {
        lock (_gate)
        {
            return _keys.TryGetValue(accessKey, out var known) && known.SessionToken == sessionToken
                ? known.Principal with { Permissions = _roles.GetValueOrDefault(known.Principal.Identity)?.Permissions ?? known.Principal.Permissions }
                : null;
        }
    }

    internal IamRole? FindRole(string arn)
    {
        lock (_gate)
        {
            return _roles.GetValueOrDefault(arn);
        }
    }

    /// <summary>Opens a session of a role.</summary>
    internal (string AccessKey, string SessionToken, string Arn) Open(IamRole role, string sessionName)
    {
        var parts = role.Arn.Split(':');
        var arn = $"arn:aws:sts::{parts[4]}:assumed-{parts[5]}/{sessionName}";
        lock (_gate)
        {
            var key = "ASIA" + (++_issued).ToString("D16", CultureInfo.InvariantCulture);
            var token = $"session-token-{_issued}";
            _keys[key] = (new IamPrincipal(arn, role.Arn, role.Permissions), token);
            return (key, token, arn);
        }
    }
}

/// <summary>Who signs.</summary>
/// <param name="Arn">As messages name it.</param>
/// <param name="Identity">The user, or the role of a session: what a trust policy names.</param>
/// <param name="Permissions">What it may do.</param>
public sealed record IamPrincipal(string Arn, string Identity, PolicyDocument Permissions)
{
    /// <summary>The account that its requests are counted for.</summary>
    public string Account => Arn.Split(':')[4];
}

internal sealed record IamRole(string Arn, PolicyDocument Trust, PolicyDocument Permissions);
