namespace Modestano.Operator.ReplicaSets.Observation;

/// <summary>What keeps the operator from looking into a member; the words are in <see cref="ObservedMember.ConnectionError"/>.</summary>
public enum ConnectionFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Nothing answered, or not in time.</summary>
    Network,

    /// <summary>Something answers, and TLS does not come about: a certificate, or one side that speaks none.</summary>
    Tls,

    /// <summary>It answers, and refuses the login.</summary>
    Login,

    /// <summary>The login is accepted, and may not do what the operator needs.</summary>
    Roles,

    /// <summary>The operator's configuration does not let it connect.</summary>
    NotGranted,
}
